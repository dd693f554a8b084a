package io.places.examples.wordcount;

/** Reads UTF-8 one character at a time, as strictly as the JDK's decoder does. */
public final class Utf8 {
  /** The answer for a byte that does not begin a well-formed character. */
  public static final int MALFORMED = -1;

  private Utf8() {}

  /**
   * The code point that begins at {@code at}, or {@link #MALFORMED}: where the byte cannot begin a
   * character, where the character is cut off by another byte or by {@code end}, where it is longer
   * than need be, and where it would be a surrogate or lie beyond U+10FFFF.
   */
  public static int codePoint(byte[] bytes, int at, int end) {
    int first = bytes[at];
    if (first >= 0) {
      return first;
    }
    if ((first & 0xE0) == 0xC0) {
      return at + 1 < end && (bytes[at + 1] & 0xC0) == 0x80
          ? atLeast(0x80, (first & 0x1F) << 6 | (bytes[at + 1] & 0x3F))
          : MALFORMED;
    }
    if ((first & 0xF0) == 0xE0) {
      int point = atLeast(0x800, continued(first & 0x0F, bytes, at, at + 2, end));
      return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
          ? MALFORMED
          : point;
    }
    if ((first & 0xF8) == 0xF0) {
      int point = atLeast(0x10000, continued(first & 0x07, bytes, at, at + 3, end));
      return point <= Character.MAX_CODE_POINT ? point : MALFORMED;
    }
    return MALFORMED;
  }

  /** How many bytes a code point takes. */
  public static int length(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /** Writes a code point and answers where it ends. */
  static int put(int codePoint, byte[] bytes, int at) {
    int length = length(codePoint);
    if (length == 1) {
      bytes[at] = (byte) codePoint;
      return at + 1;
    }
    if (length == 2) {
      bytes[at] = (byte) (0xC0 | codePoint >>> 6);
      bytes[at + 1] = (byte) (0x80 | (codePoint & 0x3F));
      return at + 2;
    }
    int rest = codePoint;
    for (int i = at + length - 1; i > at; i--) {
      bytes[i] = (byte) (0x80 | (rest & 0x3F));
      rest >>>= 6;
    }
    bytes[at] = (byte) ((0xF00 >> length) | rest);
    return at + length;
  }

  private static int continued(int firstBits, byte[] bytes, int at, int last, int end) {
    if (last >= end) {
      return MALFORMED;
    }
    int point = firstBits;
    for (int i = at + 1; i <= last; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return MALFORMED;
      }
      point = (point << 6) | (bytes[i] & 0x3F);
    }
    return point;
  }

  private static int atLeast(int least, int point) {
    return point >= least ? point : MALFORMED;
  }
}
