package io.places.mapreduce;

import java.util.Arrays;

/** One encoded key at a time, in an array that is used again. */
final class KeyBuffer {
  private byte[] bytes = new byte[256];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** The array with room for a key of so many bytes and for eight more, so that eight at a time can be read. */
  byte[] room(int needed) {
    if (bytes.length - Long.BYTES < needed) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, needed + Long.BYTES));
    }
    return bytes;
  }

  /** Says how many bytes of {@link #room} are the key. */
  void used(int newLength) {
    length = newLength;
  }

  void set(byte[] key) {
    System.arraycopy(key, 0, room(key.length), 0, key.length);
    length = key.length;
  }
}
