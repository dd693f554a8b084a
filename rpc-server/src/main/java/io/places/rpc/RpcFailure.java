package io.places.rpc;

import io.places.message.Field;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * How a call failed at the server, as it travels.
 *
 * @param message for people, with the server's name for the call
 * @param exceptionClass what the server's code threw; empty if it threw nothing
 * @param exceptionMessage its message; empty if it had none
 * @param stack its stack trace as text
 */
public record RpcFailure(
    @Field(1) Status status,
    @Field(2) String message,
    @Field(3) String exceptionClass,
    @Field(4) String exceptionMessage,
    @Field(5) String stack) {

  /** A stack of this length tells all; messages have their bounds. */
  private static final int LONGEST_STACK = 32_000;

  /** What people read; more is cut, and the cut is told. */
  private static final int LONGEST_MESSAGE = 64 << 10;

  static RpcFailure of(Status status, String message) {
    return new RpcFailure(status, bounded(message, LONGEST_MESSAGE), "", "", "");
  }

  /** Of an exception that the server's code has let out. */
  static RpcFailure thrown(String call, Throwable thrown) {
    String message = told(thrown);
    String name = thrown.getClass().getName();
    return new RpcFailure(
        Status.INTERNAL,
        bounded(
            "%s failed: %s%s".formatted(call, name, message.isEmpty() ? "" : ": " + message),
            LONGEST_MESSAGE),
        name,
        message,
        stack(thrown));
  }

  RpcException exception() {
    return new RpcException(
        status,
        status.mayHaveRun(),
        message,
        null,
        exceptionClass.isEmpty()
            ? null
            : new RpcException.Thrown(exceptionClass, exceptionMessage, stack));
  }

  /**
   * What an exception tells of itself; empty if nothing. It tells so in code of the user's, which may fail
   * too, in whatever way.
   */
  static String told(Throwable thrown) {
    try {
      String message = thrown.getMessage();
      return message == null ? "" : bounded(message, LONGEST_MESSAGE);
    } catch (Throwable e) {
      return "(its message throws %s)".formatted(e.getClass().getName());
    }
  }

  /** A long chain of causes is printed call in call, and may be too much for the thread's own stack. */
  private static String stack(Throwable thrown) {
    var text = new StringWriter();
    try {
      thrown.printStackTrace(new PrintWriter(text));
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

  /** Text without halves of characters, which could not travel. */
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
}
