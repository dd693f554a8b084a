package io.places.mapreduce;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A stretch of bytes within an array, which is shared and never changed. The slice itself is moved
 * from stretch to stretch.
 */
final class Slice {
  private static final byte[] NOTHING = {};

  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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

  /**
   * The first eight bytes, filled up with zeros, as a number that is ordered as they are: of two keys with
   * different ones, the key with the less comes first.
   */
  long prefix() {
    if (length >= Long.BYTES) {
      return (long) BIG_ENDIAN.get(bytes, offset) ^ Long.MIN_VALUE;
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (bytes[offset + i] & 0xFFL) << (Long.SIZE - Byte.SIZE - Byte.SIZE * i);
    }
    return prefix ^ Long.MIN_VALUE;
  }

  /** The order of keys: by unsigned bytes, a prefix before what it begins. */
  int compareKey(Slice other) {
    return Arrays.compareUnsigned(
        bytes, offset, offset + length, other.bytes, other.offset, other.offset + other.length);
  }
}
