package io.places.rpc;

import io.places.PlacesException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call has failed; {@link #status} says how, and what to do next.
 *
 * <p>A server's code throws one to end a call with a status, such as {@code new
 * RpcException(Status.NOT_FOUND, "no account 'x'")}. One that it got from another server and lets out
 * reaches its own caller as {@link Status#INTERNAL}, unless that caller's time was over or it has
 * cancelled: what was not run there says nothing about what was run here.
 */
public class RpcException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final boolean mayHaveRun;
  private final boolean received;
  private final transient @Nullable Thrown thrown;

  /**
   * What the server's code threw.
   *
   * @param exceptionClass the name of its class, which need not exist here
   * @param message its message; empty if it had none
   * @param stack its stack trace with its causes, as {@link Throwable#printStackTrace()} prints it
   */
  public record Thrown(String exceptionClass, String message, String stack) {}

  /**
   * For the code of servers.
   *
   * @param status one that says something about the call; whether a server is there, or how a call ended
   *     that nobody can know of, is not for its code to say
   * @throws IllegalArgumentException if it is another one
   */
  public RpcException(Status status, String message) {
    super(message);
    if (!status.isForServers()) {
      throw new IllegalArgumentException(
          "the code of a server cannot end a call with %s; it may with NOT_FOUND, INVALID_ARGUMENT, FAILED_PRECONDITION, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL"
              .formatted(status));
    }
    this.status = status;
    this.mayHaveRun = status.mayHaveRun();
    this.received = false;
    this.thrown = null;
  }

  RpcException(
      Status status,
      boolean mayHaveRun,
      String message,
      @Nullable Throwable cause,
      @Nullable Thrown thrown) {
    super(message, cause);
    this.status = status;
    this.mayHaveRun = mayHaveRun;
    this.received = true;
    this.thrown = thrown;
  }

  RpcException(Status status, String message, @Nullable Throwable cause) {
    this(status, status.mayHaveRun(), message, cause, null);
  }

  /** How it failed. */
  public Status status() {
    return status;
  }

  /**
   * Whether the server may have done what was asked for, in whole or in part. False only if it certainly has
   * not, or says itself that it has not.
   */
  public boolean mayHaveRun() {
    return mayHaveRun;
  }

  /** What the server's code threw, if that is why. */
  public Optional<Thrown> thrown() {
    return Optional.ofNullable(thrown);
  }

  /** Whether it came from a call made here, rather than from the code that runs here. */
  boolean isReceived() {
    return received;
  }
}
