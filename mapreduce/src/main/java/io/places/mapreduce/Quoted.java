package io.places.mapreduce;

/** Values of the user's data, made fit for one line of an error message. */
final class Quoted {
  /** Enough to find the place, little enough to leave the message readable. */
  private static final int LONGEST = 100;

  private Quoted() {}

  /** The value's text in quotes, cut to a readable length, control characters escaped. */
  static String of(Object value) {
    String text = value instanceof byte[] bytes ? hex(bytes) : value.toString();
    StringBuilder quoted = new StringBuilder("'");
    text.chars().limit(LONGEST).forEach(c -> append(quoted, (char) c));
    return quoted.append(text.length() > LONGEST ? "...'" : "'").toString();
  }

  private static void append(StringBuilder quoted, char c) {
    if (Character.isISOControl(c)) {
      quoted.append(String.format("\\u%04x", (int) c));
    } else {
      quoted.append(c);
    }
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder("0x");
    for (int i = 0; i < Math.min(bytes.length, LONGEST); i++) {
      text.append(String.format("%02x", bytes[i]));
    }
    return text.toString();
  }
}
