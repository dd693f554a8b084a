package io.places.ndp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/** Keeps what is decided about parts. Safe for use by many threads. */
final class Decisions {
  /** Instead of an infinite time. */
  static final Duration ENDLESS = Duration.ofNanos((long) 9e18);

  private static final int KEPT = 1_000;

  private final ArrayDeque<Explanation.Decision> kept = new ArrayDeque<>();
  private long decided;

  synchronized void add(Explanation.Decision decision) {
    decided++;
    kept.add(decision);
    if (kept.size() > KEPT) {
      kept.remove();
    }
  }

  synchronized Explanation explanation() {
    return new Explanation(List.copyOf(kept), decided);
  }

  static Duration nanos(double nanos) {
    return nanos < ENDLESS.toNanos() ? Duration.ofNanos((long) nanos) : ENDLESS;
  }

  /** In words, without the time that a format takes: the shortest sorts are told of, too. */
  static String micros(double nanos) {
    return (long) Math.min(nanos / 1e3, 9e18) + " µs";
  }
}
