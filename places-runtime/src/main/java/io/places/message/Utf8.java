package io.places.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings whose UTF-16 form has no UTF-8 form, and bytes that are none. */
final class Utf8 {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Utf8() {}

  /*
   * The loops over characters go by eights. Inlined into the code of a record with several strings, a
   * plain loop is not unrolled any more and takes more than twice as long; there, strings are most of
   * the work.
   */

  /** Copies a string of ASCII characters; answers false, having copied some or none, if it is another. */
  static boolean copyAscii(String value, byte[] target, int from, int length) {
    int i = 0;
    for (; i <= length - 8; i += 8) {
      long c0 = value.charAt(i);
      long c1 = value.charAt(i + 1);
      long c2 = value.charAt(i + 2);
      long c3 = value.charAt(i + 3);
      long c4 = value.charAt(i + 4);
      long c5 = value.charAt(i + 5);
      long c6 = value.charAt(i + 6);
      long c7 = value.charAt(i + 7);
      if ((c0 | c1 | c2 | c3 | c4 | c5 | c6 | c7) >= 0x80) {
        return false;
      }
      long low = c0 | (c1 << 8) | (c2 << 16) | (c3 << 24);
      long high = c4 | (c5 << 8) | (c6 << 16) | (c7 << 24);
      EIGHT.set(target, from + i, low | (high << 32));
    }
    if (i <= length - 4) {
      int c0 = value.charAt(i);
      int c1 = value.charAt(i + 1);
      int c2 = value.charAt(i + 2);
      int c3 = value.charAt(i + 3);
      if ((c0 | c1 | c2 | c3) >= 0x80) {
        return false;
      }
      FOUR.set(target, from + i, c0 | (c1 << 8) | (c2 << 16) | (c3 << 24));
      i += 4;
    }
    for (; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        return false;
      }
      target[from + i] = (byte) c;
    }
    return true;
  }

  static boolean hasLoneSurrogate(String value) {
    return loneSurrogateAt(value) >= 0;
  }

  static Refusal loneSurrogate(String value) {
    int at = loneSurrogateAt(value);
    return new Refusal(
        "a String with an unpaired surrogate (U+%04X at index %d) has no UTF-8 form and cannot travel; send it as byte[]"
            .formatted((int) value.charAt(at), at));
  }

  /** The index of a surrogate without its other half; -1 if there is none. */
  private static int loneSurrogateAt(String value) {
    int length = value.length();
    for (int i = withoutSurrogates(value, length); i < length; i++) {
      char c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 < length && Character.isSurrogatePair(c, value.charAt(i + 1))) {
          i++;
        } else {
          return i;
        }
      }
    }
    return -1;
  }

  /** How many characters at the beginning are surely no surrogates. */
  private static int withoutSurrogates(String value, int length) {
    int i = 0;
    while (i <= length - 8
        && (value.charAt(i)
                | value.charAt(i + 1)
                | value.charAt(i + 2)
                | value.charAt(i + 3)
                | value.charAt(i + 4)
                | value.charAt(i + 5)
                | value.charAt(i + 6)
                | value.charAt(i + 7))
            < Character.MIN_SURROGATE) {
      i += 8;
    }
    return i;
  }

  /** How many bytes the UTF-8 form takes. */
  static long length(String value) {
    long length = value.length();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2; // each half of a pair takes two
      }
    }
    return length;
  }

  /** The UTF-8 form. */
  static byte[] encode(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    // The JDK puts a question mark for half a surrogate pair. Where there is one, look for the other.
    if (value.length() != utf8.length || hasQuestionMark(utf8)) {
      if (hasLoneSurrogate(value)) {
        throw loneSurrogate(value);
      }
    }
    return utf8;
  }

  private static boolean hasQuestionMark(byte[] utf8) {
    for (byte b : utf8) {
      if (b == '?') {
        return true;
      }
    }
    return false;
  }

  /** The string of a UTF-8 form; anything else is refused, as protobuf does for proto3. */
  static String decode(byte[] bytes, int offset, int length) {
    String value = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // The JDK puts U+FFFD for what is malformed. Who finds one looks whether it was really sent.
    if (value.indexOf('\uFFFD') >= 0) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length)).toString();
      } catch (CharacterCodingException e) {
        throw new Refusal("the bytes of a string are not UTF-8", e);
      }
    }
    return value;
  }
}
