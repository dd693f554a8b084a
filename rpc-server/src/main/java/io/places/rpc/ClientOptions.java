package io.places.rpc;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a client calls. Immutable; the methods answer changed copies.
 *
 * @param name of the server; empty for the one that its class declares
 * @param deadline how long each call may take, from when it is made to its answer; within another call, what
 *     is left of that one's time, if that is less
 * @param waits whether a call waits, within its deadline, for a server that is not there: because it is just
 *     being started, or started anew
 * @param tellsRestarts whether the first call that finds the server started anew fails with {@link
 *     Status#RESTARTED}
 * @param interceptors see each call, in this order
 */
public record ClientOptions(
    Optional<String> name,
    Duration deadline,
    boolean waits,
    boolean tellsRestarts,
    List<Interceptor> interceptors) {
  /** Long enough for what is meant to be answered, short enough for a person to wait. */
  public static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Longer ones could not be told from none on their way. */
  static final Duration LONGEST = Duration.ofDays(365);

  public ClientOptions {
    if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the deadline of a call must be positive and at most %d days, but is %s"
              .formatted(LONGEST.toDays(), deadline));
    }
    interceptors = List.copyOf(interceptors);
  }

  /**
   * The server's own name, 30 s, no interceptors; a call to a server that is not there fails at once, and a
   * restart is told.
   */
  public static ClientOptions standard() {
    return new ClientOptions(Optional.empty(), DEADLINE, false, true, List.of());
  }

  /** A server that was started under another name than its class declares. */
  public ClientOptions named(String server) {
    return new ClientOptions(Optional.of(server), deadline, waits, tellsRestarts, interceptors);
  }

  /** With another deadline for each call. */
  public ClientOptions deadline(Duration limit) {
    return new ClientOptions(name, limit, waits, tellsRestarts, interceptors);
  }

  /** Calls, and connecting, wait within their deadline for a server that is not there. */
  public ClientOptions waiting() {
    return new ClientOptions(name, deadline, true, tellsRestarts, interceptors);
  }

  /** For a server that loses nothing when it is started anew: calls go on without a word. */
  public ClientOptions ignoringRestarts() {
    return new ClientOptions(name, deadline, waits, false, interceptors);
  }

  /** With these interceptors instead of others. */
  public ClientOptions interceptors(Interceptor... all) {
    return new ClientOptions(name, deadline, waits, tellsRestarts, List.of(all));
  }
}
