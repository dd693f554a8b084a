package io.places;

import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/**
 * Where the runtime gets its time from, and the only place where it waits for time to pass. {@link
 * #system()} is the real one; a simulator brings its own and moves time as it likes.
 *
 * <p>Safe for use by many threads.
 */
public interface Clock {

  /** Nanoseconds of a monotonic clock with an arbitrary origin: for measuring durations only. */
  long nanoTime();

  /** The wall clock: for showing and for incarnations, never for timeouts. */
  Instant now();

  /**
   * Waits on a condition whose lock the caller holds, as {@link Condition#awaitNanos} does.
   *
   * @param nanos the longest to wait
   * @return an estimate of the nanoseconds left; zero or less if the time is over
   * @throws InterruptedException if interrupted before or while waiting
   */
  long await(Condition condition, long nanos) throws InterruptedException;

  /**
   * Parks the calling thread, as {@link LockSupport#parkNanos(Object, long)} does: until it is unparked
   * or interrupted, the time is over, or for no reason.
   */
  void park(Object blocker, long nanos);

  /** The machine's clocks. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
