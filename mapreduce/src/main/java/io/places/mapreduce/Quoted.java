package io.places.mapreduce;

import org.jspecify.annotations.Nullable;

/** Values of the user's data, made fit for one line of an error message. */
final class Quoted {
  /** Enough to find the place, little enough to leave the message readable. */
  private static final int LONGEST = 100;

  private Quoted() {}

  /**
   * The value's text in quotes, cut to a readable length, control characters escaped. Of a value that has none, what
   * it is: what is to be told must not be lost for that.
   */
  static String of(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String text;
    try {
      text = value instanceof byte[] bytes ? hex(bytes) : String.valueOf(value.toString());
    } catch (Throwable e) { // it is the user's; also a stack that overflows
      return "a %s, whose text cannot be told: %s"
          .formatted(value.getClass().getName(), e.getClass().getName());
    }
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
