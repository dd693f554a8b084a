package io.places.supervise;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * When and how often something that has ended is started anew. Immutable; the methods answer changed
 * copies.
 *
 * <pre>{@code
 * Restart.whenFailed().backoff(Duration.ofMillis(200)).atMost(3).within(Duration.ofSeconds(30))
 * }</pre>
 *
 * @param when after which ends
 * @param firstWait before the first restart; each further one in a row waits twice as long
 * @param longestWait where the doubling stops
 * @param limit how many restarts there may be within the window; one more end, and it is given up
 * @param window over which restarts are counted
 * @param resetAfter a life of this length breaks the row: the next restart waits {@code firstWait} again
 * @param onGiveUp told, once, when it is given up
 */
public record Restart(
    When when,
    Duration firstWait,
    Duration longestWait,
    int limit,
    Duration window,
    Duration resetAfter,
    Consumer<? super GaveUp> onGiveUp) {
  /** Long enough for a port to be free again, too short for a user to notice. */
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final int LIMIT = 5;
  private static final Duration WINDOW = Duration.ofSeconds(30);

  /** After which ends something is started anew. */
  public enum When {
    /** However it ended. */
    ALWAYS,
    /** Unless it ended by itself with exit code 0. */
    WHEN_FAILED,
    /** It is watched only. */
    NEVER
  }

  public Restart {
    Objects.requireNonNull(onGiveUp, "onGiveUp");
    requireNotNegative(firstWait, "backoff");
    requireNotNegative(longestWait, "longest backoff");
    requireNotNegative(resetAfter, "reset window");
    if (longestWait.compareTo(firstWait) < 0) {
      throw new IllegalArgumentException(
          "the backoff begins at %s, beyond its cap of %s".formatted(firstWait, longestWait));
    }
    if (limit < 0) {
      throw new IllegalArgumentException("there cannot be %d restarts".formatted(limit));
    }
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("the window must be positive, but is " + window);
    }
  }

  /** However it ended: at most 5 times within 30 s, with a backoff from 200 ms to 10 s. */
  public static Restart always() {
    return of(When.ALWAYS);
  }

  /** As {@link #always()}, unless it ended by itself with exit code 0. */
  public static Restart whenFailed() {
    return of(When.WHEN_FAILED);
  }

  /** Not at all: it is watched only. */
  public static Restart never() {
    return of(When.NEVER);
  }

  private static Restart of(When when) {
    return new Restart(when, FIRST_WAIT, LONGEST_WAIT, LIMIT, WINDOW, WINDOW, given -> {});
  }

  /** Waits this long before the first restart, and twice as long before each further one, up to 10 s. */
  public Restart backoff(Duration first) {
    return backoff(first, first.compareTo(LONGEST_WAIT) > 0 ? first : LONGEST_WAIT);
  }

  /** Waits this long before the first restart, and twice as long before each further one, up to a cap. */
  public Restart backoff(Duration first, Duration cap) {
    return new Restart(when, first, cap, limit, window, resetAfter, onGiveUp);
  }

  /** Gives up when it ends after this many restarts within the window. */
  public Restart atMost(int restarts) {
    return new Restart(when, firstWait, longestWait, restarts, window, resetAfter, onGiveUp);
  }

  /** The window over which restarts are counted; a life of that length ends a row of failures. */
  public Restart within(Duration time) {
    return new Restart(when, firstWait, longestWait, limit, time, time, onGiveUp);
  }

  /** A life of this length ends a row of failures: the backoff begins anew. */
  public Restart resetAfter(Duration life) {
    return new Restart(when, firstWait, longestWait, limit, window, life, onGiveUp);
  }

  /** Has an action told when it is given up, in a thread of the supervisor's. */
  public Restart onGiveUp(Consumer<? super GaveUp> action) {
    return new Restart(when, firstWait, longestWait, limit, window, resetAfter, action);
  }

  private static void requireNotNegative(Duration duration, String what) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("the %s must not be negative, but is %s".formatted(what, duration));
    }
  }
}
