package io.places.mapreduce;

import io.places.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/*
 * Fields one after the other so that comparing the bytes of all compares field by field. Numbers have a
 * fixed length, most significant byte first, the sign bit flipped. Bytes and text end with 00 00, and a 00
 * within is written 00 FF: so none is the beginning of another, and a shorter one comes first. A
 * descending field has all its bits flipped.
 */

/** Fields encoded so that their bytes sort as they do. */
final class OrderedBytes {
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int ESCAPE = 0xFF;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  void putLong(long number, boolean descending) {
    byte[] encoded = new byte[Long.BYTES];
    LONG.set(encoded, 0, (number ^ Long.MIN_VALUE) ^ (descending ? -1 : 0));
    bytes.writeBytes(encoded);
  }

  void putInt(int number) {
    byte[] encoded = new byte[Integer.BYTES];
    INT.set(encoded, 0, number ^ Integer.MIN_VALUE);
    bytes.writeBytes(encoded);
  }

  void putBoolean(boolean flag) {
    bytes.write(flag ? 1 : 0);
  }

  /** As {@link Double#compare} orders them: as signed numbers, but for the order of negative ones. */
  void putDouble(double number, boolean descending) {
    long bits = Double.doubleToLongBits(number);
    putLong(bits ^ ((bits >> 63) & Long.MAX_VALUE), descending);
  }

  void putText(String text, boolean descending) {
    putBytes(KeyType.utf8(text), descending);
  }

  void putBytes(byte[] array, boolean descending) {
    int flip = descending ? 0xFF : 0;
    for (byte b : array) {
      bytes.write(b ^ flip);
      if (b == 0) {
        bytes.write(ESCAPE ^ flip);
      }
    }
    bytes.write(flip);
    bytes.write(flip);
  }

  int length() {
    return bytes.size();
  }

  byte[] toArray() {
    return bytes.toByteArray();
  }

  /** Reads ascending fields. */
  static final class Reader {
    private final byte[] bytes;
    private final int end;
    private int at;

    Reader(byte[] bytes, int offset, int length) {
      this.bytes = bytes;
      this.at = offset;
      this.end = offset + length;
    }

    long getLong() {
      return (long) LONG.get(bytes, skip(Long.BYTES)) ^ Long.MIN_VALUE;
    }

    int getInt() {
      return (int) INT.get(bytes, skip(Integer.BYTES)) ^ Integer.MIN_VALUE;
    }

    boolean getBoolean() {
      return bytes[skip(1)] != 0;
    }

    double getDouble() {
      long bits = getLong();
      return Double.longBitsToDouble(bits ^ ((bits >> 63) & Long.MAX_VALUE));
    }

    String getText() {
      return new String(getBytes(), StandardCharsets.UTF_8);
    }

    byte[] getBytes() {
      ByteArrayOutputStream array = new ByteArrayOutputStream();
      while (true) {
        byte b = bytes[skip(1)];
        if (b == 0 && bytes[skip(1)] == 0) {
          return array.toByteArray();
        }
        array.write(b);
      }
    }

    void end() {
      if (at != end) {
        throw new ProtocolException("a key has " + (end - at) + " bytes behind its last field");
      }
    }

    private int skip(int length) {
      if (end - at < length) {
        throw new ProtocolException("a key ends in the middle of a field");
      }
      at += length;
      return at - length;
    }
  }
}
