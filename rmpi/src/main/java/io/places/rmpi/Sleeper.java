package io.places.rmpi;

import io.places.Clock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How the thread that polls a rank's links sleeps when nothing comes. */
interface Sleeper {
  /** What a peer finds where this side says whether it sleeps. */
  int AWAKE = 0;

  /** To be woken by {@link Progress#wake}. */
  int ASLEEP = 1;

  /** On that word itself. */
  int ASLEEP_ON_WORD = 2;

  /** The way: one of the above. */
  default int how() {
    return ASLEEP;
  }

  /** Called by the thread that is going to sleep, before it looks for the last time. */
  void begin();

  /**
   * Sleeps until it is woken, or for no reason. A {@link #wake} after {@link #begin} is not lost.
   *
   * @param nanos the longest to sleep
   */
  void sleep(long nanos);

  /** From any thread. */
  void wake();

  /** Called by the thread that has slept, or found something when it looked for the last time. */
  default void end() {}

  /** Nobody sleeps any more. */
  default void close() {}

  /** By the thread's own means. */
  final class Parked implements Sleeper {
    private final Clock clock;
    private volatile @Nullable Thread thread;

    Parked(Clock clock) {
      this.clock = clock;
    }

    @Override
    public void begin() {
      thread = Thread.currentThread();
    }

    @Override
    public void sleep(long nanos) {
      clock.park(this, nanos);
    }

    @Override
    public void wake() {
      LockSupport.unpark(thread);
    }

    @Override
    public void end() {
      thread = null; // it may be over soon, and what it holds with it
    }
  }
}
