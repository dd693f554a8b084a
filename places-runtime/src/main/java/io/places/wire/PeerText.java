package io.places.wire;

/** Makes text that came from elsewhere safe to show: in a log, on a terminal, in an error. */
public final class PeerText {
  /** Longer text is cut: a log line, not a document. */
  private static final int MAX_LENGTH = 256;

  private PeerText() {}

  /** Control and format characters and line ends as {@code \\u....}; at most 256 characters. */
  public static String escape(String text) {
    return escape(text, MAX_LENGTH);
  }

  /** As {@link #escape(String)}; at most {@code limit} characters. */
  public static String escape(String text, int limit) {
    var out = new StringBuilder(Math.min(text.length(), limit));
    text.codePoints()
        .limit(limit)
        .forEach(
            c -> {
              if (isHarmless(c)) {
                out.appendCodePoint(c);
              } else {
                out.append("\\u%04x".formatted(c));
              }
            });
    return text.length() > limit ? out.append("…").toString() : out.toString();
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
