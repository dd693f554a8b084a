package io.places.event;

import io.places.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/*
 * Parking a thread and waking it costs microseconds, often more than what it waits for. So a waiter looks
 * a little longer before it parks, and whoever wakes one that has not parked yet only sets a word:
 *
 *   - a virtual thread yields: others that are ready to run on its carrier, often the very one that will
 *     wake it, run at once;
 *   - a platform thread spins. It pays only while processors are free, and costs dearly when they are not
 *     (a spin of 50 us made a round trip 8 times slower on a busy machine). Therefore all of them learn
 *     together: a spin that was of no use halves the next one's length, one that was makes it longer.
 *
 * Both are bounded, and by less than the park that they may save, so an idle waiter uses no processor.
 */
/**
 * A thread that waits until another wakes it. Made by the thread that waits; a wake-up that comes before
 * the wait is not lost.
 */
public final class Waiter {
  private static final int RUNNING = 0;
  private static final int PARKED = 1;
  private static final int AWAKE = 2;

  /** One lets the others run; the second catches an answer from another carrier. */
  private static final int YIELDS = 2;

  /** Under a microsecond: enough for a thread that runs to answer, so that it shows when it pays again. */
  private static final int LEAST_SPINS = 32;

  /** Some microseconds, about what a park costs; none where the other thread could not run meanwhile. */
  private static final int MOST_SPINS =
      Runtime.getRuntime().availableProcessors() == 1 ? 0 : 256;

  /** Read and written without order: it is an estimate. */
  private static int spins = MOST_SPINS;

  private final Clock clock;
  private final Thread thread = Thread.currentThread();
  private final AtomicInteger state = new AtomicInteger(RUNNING);

  public Waiter(Clock clock) {
    this.clock = clock;
  }

  /**
   * Ends this thread's wait, or its next one. From any thread; returns at once.
   *
   * @return false if it was awake already, and has not gone on yet
   */
  public boolean wake() {
    int before = state.getAndSet(AWAKE);
    if (before == PARKED) {
      LockSupport.unpark(thread);
    }
    return before != AWAKE;
  }

  /**
   * Waits until it was woken since the last wait.
   *
   * @param nanos the longest to wait; {@link Long#MAX_VALUE} for as long as it takes
   * @return the nanoseconds left; zero or less if it was not woken in time
   * @throws InterruptedException if the thread is interrupted and was not woken
   */
  public long await(long nanos) throws InterruptedException {
    long left = wokenSoon() ? nanos : park(nanos);
    return state.getAndSet(RUNNING) == AWAKE ? Math.max(left, 1) : 0;
  }

  private long park(long nanos) throws InterruptedException {
    long start = nanos == Long.MAX_VALUE ? 0 : clock.nanoTime();
    long left = nanos;
    while (left > 0 && (state.get() == PARKED || state.compareAndSet(RUNNING, PARKED))) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (nanos == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        clock.park(this, left);
        left = nanos - (clock.nanoTime() - start);
      }
    }
    return left;
  }

  private boolean wokenSoon() {
    return thread.isVirtual() ? wokenWhileYielding() : wokenWhileSpinning();
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint, nothing relies on it
  private boolean wokenWhileYielding() {
    for (int i = 0; i < YIELDS && state.get() != AWAKE; i++) {
      Thread.yield();
    }
    return state.get() == AWAKE;
  }

  private boolean wokenWhileSpinning() {
    int limit = spins;
    for (int i = 0; i < limit && state.get() != AWAKE; i++) {
      Thread.onSpinWait();
    }
    boolean woken = state.get() == AWAKE;
    if (woken && limit < MOST_SPINS) {
      spins = Math.min(MOST_SPINS, limit + limit / 8);
    } else if (!woken && limit > LEAST_SPINS) {
      spins = Math.max(LEAST_SPINS, limit / 2);
    }
    return woken;
  }
}
