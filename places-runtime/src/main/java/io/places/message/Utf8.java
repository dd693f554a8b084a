package io.places.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings whose UTF-16 form has no UTF-8 form, and bytes that are none. */
final class Utf8 {
  private Utf8() {}

  /** The index of a surrogate without its other half; -1 if there is none. */
  private static int loneSurrogateAt(String value) {
    int length = value.length();
    for (int i = 0; i < length; i++) {
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

  static boolean hasLoneSurrogate(String value) {
    return loneSurrogateAt(value) >= 0;
  }

  static Refusal loneSurrogate(String value) {
    int at = loneSurrogateAt(value);
    return new Refusal(
        "a String with an unpaired surrogate (U+%04X at index %d) has no UTF-8 form and cannot travel; send it as byte[]"
            .formatted((int) value.charAt(at), at));
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
