package io.places.rpc;

/**
 * How a call failed, by what its caller should do next. An enum of few: the message of the {@link
 * RpcException} says the rest.
 *
 * <p>UNAVAILABLE or UNKNOWN_OUTCOME? If it is certain that the server has not begun the call it is
 * UNAVAILABLE, and repeating the call is safe. If the server may have done some of it, UNKNOWN_OUTCOME: look
 * what became of it before repeating. DEADLINE_EXCEEDED and CANCELLED are chosen by the caller; the server
 * may have done the call even so, see {@link RpcException#mayHaveRun}.
 *
 * <p>The order is part of the protocol: constants are added at the end only.
 */
public enum Status {
  /** The server, its node or the way there went away while the call was under way: it may have run. */
  UNKNOWN_OUTCOME,
  /** The server is not there now: the call has certainly not run. Repeat it later. */
  UNAVAILABLE,
  /**
   * The server was started anew since this client's last call, and has lost what it knew; this call was not
   * sent. Rebuild what the server must know; the next call reaches the new life. Told once for each new life.
   */
  RESTARTED,
  /** The time given to the call is over; the server was told to stop. Give more time, or ask for less. */
  DEADLINE_EXCEEDED,
  /** The caller has cancelled the call, or was interrupted; the server was told to stop. */
  CANCELLED,
  /** There is no such server, or the server says so of what the call names. Check the name. */
  NOT_FOUND,
  /** The arguments cannot be right, whatever the server's state. Change the call. */
  INVALID_ARGUMENT,
  /** The arguments may be right, but not now: bring the server into another state first. */
  FAILED_PRECONDITION,
  /** Too much is asked of the server at the moment. Ask less, or later. */
  RESOURCE_EXHAUSTED,
  /** The server does not know such a call: its program is older than the client's. */
  UNIMPLEMENTED,
  /** The server answered with an error that the call declares: see {@link RpcErrorException#error}. */
  REFUSED,
  /** The server's code failed in a way that it does not declare: a mistake there. It lives on. */
  INTERNAL;

  /** Whether a call that failed so may have had an effect, if nothing else is known. */
  boolean mayHaveRun() {
    return switch (this) {
      case UNKNOWN_OUTCOME, DEADLINE_EXCEEDED, CANCELLED, REFUSED, INTERNAL -> true;
      case UNAVAILABLE,
          RESTARTED,
          NOT_FOUND,
          INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          RESOURCE_EXHAUSTED,
          UNIMPLEMENTED ->
          false;
    };
  }

  /** Whether a server's code may end a call with it: the others are for the runtime to find out. */
  boolean isForServers() {
    return switch (this) {
      case NOT_FOUND,
          INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          RESOURCE_EXHAUSTED,
          UNIMPLEMENTED,
          INTERNAL ->
          true;
      case UNKNOWN_OUTCOME, UNAVAILABLE, RESTARTED, DEADLINE_EXCEEDED, CANCELLED, REFUSED -> false;
    };
  }
}
