package io.places.mapreduce;

import io.places.ProtocolException;
import io.places.message.MessageType;

/**
 * The encoding of {@code Long} as a value, without objects: that of {@link MessageType}, which is a message with the
 * number as its field 1, or nothing for 0.
 */
final class LongValues {
  static final MessageType<Long> TYPE = MessageType.of(Long.class);

  /** The tag of field 1, with a varint behind it. */
  private static final byte TAG = 8;

  private static final int BITS = 7;

  private LongValues() {}

  /** The length of the encoding. */
  static int size(long value) {
    return value == 0
        ? 0
        : 1 + (Long.SIZE - Long.numberOfLeadingZeros(value) + BITS - 1) / BITS;
  }

  static long read(Slice encoded) {
    byte[] bytes = encoded.bytes();
    int at = encoded.offset();
    int end = at + encoded.length();
    if (at < end && bytes[at] == TAG) {
      long value = 0;
      at++;
      for (int shift = 0; shift < Long.SIZE && at < end; shift += BITS) {
        byte b = bytes[at++];
        value |= (b & 0x7FL) << shift;
        if (b >= 0) {
          if (at == end) {
            return value;
          }
          break;
        }
      }
    }
    return decode(encoded); // of another release, or damaged
  }

  /**
   * Writes the encoding.
   *
   * @param to with room for it
   * @return where it ends
   */
  static int write(long value, byte[] to, int offset) {
    if (value == 0) {
      return offset;
    }
    int at = offset;
    to[at++] = TAG;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      to[at++] = (byte) (rest | 0x80);
      rest >>>= BITS;
    }
    to[at++] = (byte) rest;
    return at;
  }

  /**
   * As other values are read.
   *
   * @throws ProtocolException if it is no encoding of a number
   */
  private static long decode(Slice encoded) {
    return TYPE.decode(encoded.bytes(), encoded.offset(), encoded.length());
  }
}
