package io.places;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What an exception tells of itself, as text that can go to another process: well-formed and of bounded length. It
 * tells so in code of the user's, which may fail too, in whatever way; then the text says that.
 *
 * @param className of the exception
 * @param message empty if it has none
 * @param stack its stack trace with its causes, as {@link Throwable#printStackTrace()} prints it
 */
public record FailureText(String className, String message, String stack) {
  /** Characters of a message that are kept; what was cut is told. */
  public static final int LONGEST_MESSAGE = 64 << 10;

  /** Likewise of a stack, of which so many tell all. */
  public static final int LONGEST_STACK = 32_000;

  /** Never throws, unless memory ends. */
  public static FailureText of(Throwable failure) {
    return new FailureText(failure.getClass().getName(), message(failure), stack(failure));
  }

  /** The message alone; empty if there is none. */
  public static String message(Throwable failure) {
    try {
      String message = failure.getMessage();
      return message == null ? "" : bounded(message);
    } catch (Throwable e) {
      return "(its message throws %s)".formatted(e.getClass().getName());
    }
  }

  /** Some text of at most {@link #LONGEST_MESSAGE} characters, and without halves of characters, which cannot travel. */
  public static String bounded(String text) {
    return bounded(text, LONGEST_MESSAGE);
  }

  /** A long chain of causes is printed call in call, and may be too much for the thread's own stack. */
  private static String stack(Throwable failure) {
    var text = new StringWriter();
    try {
      failure.printStackTrace(new PrintWriter(text));
    } catch (Throwable e) {
      text.append("(the rest of the stack throws %s)".formatted(e.getClass().getName()));
    }
    return bounded(text.toString(), LONGEST_STACK);
  }

  private static String bounded(String text, int longest) {
    return text.length() <= longest
        ? clean(text)
        : clean(text.substring(0, longest))
            + "… (%d of %d characters are cut)".formatted(text.length() - longest, text.length());
  }

  private static String clean(String text) {
    boolean broken =
        text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    return broken
        ? text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
        : text;
  }

  /** The class and, if there is one, the message. */
  @Override
  public String toString() {
    return message.isEmpty() ? className : className + ": " + message;
  }
}
