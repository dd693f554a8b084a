package io.places.rmpi;

import io.places.Clock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How the thread that polls a rank's links sleeps when nothing comes. */
interface Sleeper {
  /**
   * Sleeps until it is woken, or for no reason. A {@link #wake} after {@code begin} is not lost.
   *
   * @param nanos the longest to sleep
   */
  void sleep(long nanos);

  /** Called by the thread that is going to sleep, before it looks for the last time. */
  void begin();

  /** From any thread. */
  void wake();

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
  }
}
