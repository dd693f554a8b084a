package io.places.mapreduce.text;

/** Where a text may be cut: behind a line, or at need between two words. */
enum Border {
  /** Only behind a line feed. */
  LINE(Integer.MAX_VALUE),

  /**
   * Behind a line feed; where none is near, behind any ASCII byte that is neither letter nor digit.
   * In UTF-8 such a byte is never part of another character, so no word and no character is cut.
   */
  WORD(256 << 10);

  /** How far one may look for a border: where there is none, this is no text to count or sort. */
  static final int FARTHEST = 16 << 20;

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

  /** Whether a text may be cut behind this byte, apart from line feeds. */
  boolean isBetweenWords(byte b) {
    return this == WORD && b >= 0 && !Character.isLetterOrDigit(b);
  }

  /** What to do about a text without borders. */
  String advice() {
    return this == LINE
        ? "cut its lines, or read it with TextBlocks, which also cuts between words"
        : "put line ends or spaces into it, or leave the file out if it is no text";
  }

  /** What is looked for. */
  String what() {
    return this == LINE ? "line end" : "line end, space or other ASCII punctuation";
  }

  private int lastBetweenWords(byte[] bytes, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (isBetweenWords(bytes[i])) {
        return i + 1;
      }
    }
    return from;
  }
}
