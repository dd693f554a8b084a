package io.places.rpc;

import io.places.message.Field;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;

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

  static RpcFailure of(Status status, String message) {
    return new RpcFailure(status, message, "", "", "");
  }

  /** Of an exception that the server's code has let out. */
  static RpcFailure thrown(String call, Throwable thrown) {
    String message = told(thrown);
    return new RpcFailure(
        Status.INTERNAL,
        "%s failed: %s%s"
            .formatted(
                call, thrown.getClass().getName(), message.isEmpty() ? "" : ": " + message),
        thrown.getClass().getName(),
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

  /** What an exception tells of itself, in code of the user's, which may fail too. */
  private static String told(Throwable thrown) {
    try {
      return clean(Objects.requireNonNullElse(thrown.getMessage(), ""));
    } catch (RuntimeException e) {
      return "(its message throws %s)".formatted(e.getClass().getName());
    }
  }

  private static String stack(Throwable thrown) {
    var text = new StringWriter();
    try {
      thrown.printStackTrace(new PrintWriter(text));
    } catch (RuntimeException e) {
      text.append("(the rest of the stack throws %s)".formatted(e.getClass().getName()));
    }
    String stack = clean(text.toString());
    return stack.length() <= LONGEST_STACK ? stack : stack.substring(0, LONGEST_STACK) + "…";
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
