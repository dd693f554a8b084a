package io.places.mapreduce.text;

/** Where a text may be cut: behind a line, or at need between two words. */
enum Border {
  /** Nowhere. */
  NONE(Integer.MAX_VALUE),

  /** Only behind a line feed. */
  LINE(Integer.MAX_VALUE),

  /**
   * Behind a line feed; where none is near, behind any character that is neither letter nor digit, and
   * behind any byte that cannot be part of a character. UTF-8 tells where a character begins whatever
   * comes before it, so no word and no character is cut.
   */
  WORD(256 << 10);

  /** How far one may look for a border: where there is none, this is no text to count or sort. */
  static final int FARTHEST = 16 << 20;

  /** Of one character in UTF-8. */
  private static final int MOST_BYTES = 4;

  private final int lineFeedWithin;

  Border(int lineFeedWithin) {
    this.lineFeedWithin = lineFeedWithin;
  }

  /** How many bytes a line feed is waited for when there is another border before it. */
  int lineFeedWithin() {
    return lineFeedWithin;
  }

  /** The last border within a stretch of bytes, as the offset behind it; {@code from} if none. */
  int last(byte[] bytes, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return this == LINE ? from : lastBetweenWords(bytes, from, to);
  }

  /**
   * Whether a text may be cut behind the byte at {@code at}, apart from line feeds; looks back no further
   * than {@code from}, and answers false where it would have to.
   */
  boolean isBetweenWords(byte[] bytes, int from, int at) {
    if (this == LINE) {
      return false;
    }
    int b = bytes[at];
    if (b >= 0) {
      return !Character.isLetterOrDigit(b);
    }
    return isContinuation(b) ? endsNonWord(bytes, from, at) : isNeverInText(b);
  }

  /** The character that ends here is no part of a word, or no character at all. */
  private static boolean endsNonWord(byte[] bytes, int from, int at) {
    for (int length = 2; length <= MOST_BYTES && at - length + 1 >= from; length++) {
      int first = bytes[at - length + 1];
      if (!isContinuation(first)) {
        int point = decode(bytes, at - length + 1, length);
        return point >= 0 && !Character.isLetterOrDigit(point);
      }
    }
    return at - MOST_BYTES + 1 >= from; // so many continuation bytes in a row belong to nothing
  }

  /** The code point of exactly these bytes; negative if they are not one, or not its shortest form. */
  private static int decode(byte[] bytes, int at, int length) {
    int first = bytes[at] & 0xFF;
    int lead = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0;
    int leadMask = length == 2 ? 0xE0 : length == 3 ? 0xF0 : 0xF8;
    int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    if ((first & leadMask) != lead) {
      return -1;
    }
    int point = first & ~leadMask;
    for (int i = 1; i < length; i++) {
      point = (point << 6) | (bytes[at + i] & 0x3F);
    }
    boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    return point < least || point > Character.MAX_CODE_POINT || surrogate ? -1 : point;
  }

  private static boolean isContinuation(int b) {
    return (b & 0xC0) == 0x80;
  }

  private static boolean isNeverInText(int b) {
    int unsigned = b & 0xFF;
    return unsigned == 0xC0 || unsigned == 0xC1 || unsigned >= 0xF5;
  }

  /** What to do about a text without borders. */
  String advice() {
    return this == LINE
        ? "cut its lines, or read it with TextBlocks, which also cuts between words"
        : "put line ends or spaces into it, or leave the file out if it is no text";
  }

  /** What is looked for. */
  String what() {
    return this == LINE ? "line end" : "line end, space or punctuation";
  }

  private int lastBetweenWords(byte[] bytes, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (isBetweenWords(bytes, from, i)) {
        return i + 1;
      }
    }
    return from;
  }
}
