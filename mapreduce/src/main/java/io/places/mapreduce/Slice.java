package io.places.mapreduce;

import java.util.Arrays;

/**
 * A stretch of bytes within an array, which is shared and never changed. The slice itself is moved
 * from stretch to stretch.
 */
final class Slice {
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int offset;
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  void set(byte[] newBytes, int newOffset, int newLength) {
    bytes = newBytes;
    offset = newOffset;
    length = newLength;
  }

  void set(Slice other) {
    set(other.bytes, other.offset, other.length);
  }

  /** The order of keys: by unsigned bytes, a prefix before what it begins. */
  int compareKey(Slice other) {
    return Arrays.compareUnsigned(
        bytes, offset, offset + length, other.bytes, other.offset, other.offset + other.length);
  }
}
