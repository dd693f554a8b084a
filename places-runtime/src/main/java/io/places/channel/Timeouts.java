package io.places.channel;

import java.time.Duration;
import java.util.Objects;

/** The one check of every time limit that a user passes. */
public final class Timeouts {
  private Timeouts() {}

  /**
   * The nanoseconds of a time limit; limits of over 292 years become 292 years.
   *
   * @throws IllegalArgumentException if the limit is negative
   */
  public static long nanos(Duration timeout) {
    if (Objects.requireNonNull(timeout, "timeout").isNegative()) {
      throw new IllegalArgumentException("the timeout must not be negative, but is " + timeout);
    }
    try {
      return timeout.toNanos();
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE;
    }
  }
}
