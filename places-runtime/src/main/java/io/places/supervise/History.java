package io.places.supervise;

import io.places.channel.Timeouts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/** What has become of one supervised thing so far, and what follows from it. Owned by one thread. */
final class History {
  /** More are of no use to whoever reads why it was given up. */
  private static final int KEPT_ENDINGS = 100;

  /** Doubling stops here at the latest: 2^20 times the first wait is beyond any cap. */
  private static final int MAX_DOUBLINGS = 20;

  /** What follows from an end. */
  sealed interface Verdict {
    /** It is started anew after a wait. */
    record Again(Duration pause) implements Verdict {}

    /** It has ended as it should. */
    record Done() implements Verdict {}

    /** It has ended too often. */
    record TooOften(GaveUp gaveUp) implements Verdict {}
  }

  private final String what;
  private final Restart restart;
  private final ArrayDeque<Ending> endings = new ArrayDeque<>();
  private final ArrayDeque<Long> restarts = new ArrayDeque<>(); // when, within the window
  private long restartsInAll;
  private int inARow;

  History(String what, Restart restart) {
    this.what = what;
    this.restart = restart;
  }

  /**
   * It has ended.
   *
   * @param now of the monotonic clock
   */
  Verdict ended(Ending end, long now) {
    endings.add(end);
    if (endings.size() > KEPT_ENDINGS) {
      endings.remove();
    }
    if (restart.when() == Restart.When.NEVER
        || (restart.when() == Restart.When.WHEN_FAILED && !end.failed())) {
      return new Verdict.Done();
    }
    long window = Timeouts.nanos(restart.window());
    while (!restarts.isEmpty() && now - restarts.element() > window) {
      restarts.remove();
    }
    if (restarts.size() >= restart.limit()) {
      return new Verdict.TooOften(new GaveUp(what, restart, List.copyOf(endings), restartsInAll));
    }
    if (end.lived().compareTo(restart.resetAfter()) >= 0) {
      inARow = 0;
    }
    Duration wait = doubled(1L << Math.min(inARow, MAX_DOUBLINGS));
    inARow++;
    restartsInAll++;
    restarts.add(now);
    return new Verdict.Again(wait);
  }

  private Duration doubled(long times) {
    Duration first = restart.firstWait();
    Duration longest = restart.longestWait();
    return first.compareTo(longest.dividedBy(times)) > 0 ? longest : first.multipliedBy(times);
  }
}
