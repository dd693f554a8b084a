package io.places.rpc;

import io.places.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The time of one call, and for whom it is made. */
final class Budget {
  private final Clock clock;
  private final long start;
  private final long nanos;
  private final List<Long> chain;

  private Budget(Clock clock, long nanos, List<Long> chain) {
    this.clock = clock;
    this.start = clock.nanoTime();
    this.nanos = nanos;
    this.chain = chain;
  }

  /**
   * What a call made now may take: what its client gives it, or what is left of the call that makes it.
   *
   * @throws RpcException if nothing is left of that
   */
  static Budget of(ClientOptions options, Clock clock) {
    long own = options.deadline().toNanos();
    Optional<CallContext> within = CallContext.get();
    if (within.isEmpty()) {
      return new Budget(clock, own, List.of());
    }
    CallContext outer = within.get();
    long left = outer.hasDeadline() ? Math.min(own, outer.nanosLeft()) : own;
    if (left <= 0) {
      throw new RpcException(
          Status.DEADLINE_EXCEEDED,
          false,
          "no time is left of %s, so it can make no further calls".formatted(outer),
          null,
          null);
    }
    return new Budget(clock, left, outer.chain());
  }

  /** What is left, never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - (clock.nanoTime() - start)));
  }

  boolean isOver() {
    return left().isZero();
  }

  /** What is left, as it travels: at least 1, since 0 is for calls that nobody waits for. */
  long micros() {
    return Math.max(1, left().toNanos() / 1_000);
  }

  /** The servers whose calls wait for this one. */
  List<Long> chain() {
    return chain;
  }

  @Override
  public String toString() {
    return Duration.ofNanos(nanos).toString();
  }
}
