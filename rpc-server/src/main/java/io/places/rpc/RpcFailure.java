package io.places.rpc;

import io.places.FailureText;
import io.places.message.Field;

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

  static RpcFailure of(Status status, String message) {
    return new RpcFailure(status, FailureText.bounded(message), "", "", "");
  }

  /** Of an exception that the server's code has let out. */
  static RpcFailure thrown(String call, Throwable thrown) {
    FailureText text = FailureText.of(thrown);
    return new RpcFailure(
        Status.INTERNAL,
        FailureText.bounded("%s failed: %s".formatted(call, text)),
        text.className(),
        text.message(),
        text.stack());
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
}
