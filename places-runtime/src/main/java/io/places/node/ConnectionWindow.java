package io.places.node;

import io.places.Clock;
import io.places.wire.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What may still be sent on a connection, all channels together, before the peer has got some of it. The
 * last message may overdraw; small messages have a reserve, so that they pass when slow readers of large
 * ones have used up the rest. Safe for use by many threads.
 */
final class ConnectionWindow {
  private static final long FLOOR = 0;
  private static final long FLOOR_OF_SMALL = -(long) Connection.MAX_MESSAGE - Connection.RESERVE;

  private final Clock clock;
  private final AtomicLong left = new AtomicLong(Connection.WINDOW);
  private final AtomicInteger waiters = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  ConnectionWindow(Clock clock) {
    this.clock = clock;
  }

  /**
   * Takes room for a message; waits for it up to {@code nanos}.
   *
   * @param wanted whether to go on waiting; looked at after each {@link #wake}
   * @return false if there was none in time, or it is not wanted any more
   */
  boolean take(int size, long nanos, BooleanSupplier wanted) throws InterruptedException {
    return tryTake(size) || (nanos > 0 && waitAndTake(size, nanos, wanted));
  }

  private boolean tryTake(int size) {
    long floor = size <= Connection.SMALL_MESSAGE ? FLOOR_OF_SMALL : FLOOR;
    long now = left.get();
    while (now > floor) {
      if (left.compareAndSet(now, now - Connection.cost(size))) {
        return true;
      }
      now = left.get();
    }
    return false;
  }

  private boolean waitAndTake(int size, long nanos, BooleanSupplier wanted)
      throws InterruptedException {
    lock.lockInterruptibly();
    waiters.incrementAndGet(); // before the look: whoever grants after it sees it
    try {
      long remaining = nanos;
      while (wanted.getAsBoolean()) {
        if (tryTake(size)) {
          return true;
        }
        if (remaining <= 0) {
          return false;
        }
        remaining = clock.await(changed, remaining);
      }
      return false;
    } finally {
      waiters.decrementAndGet();
      lock.unlock();
    }
  }

  /** The peer has got so much, or wants less held: then it is negative. There is never more than the window. */
  void grant(long bytes) {
    left.accumulateAndGet(bytes, (now, more) -> Math.min(Connection.WINDOW, now + more));
    wake();
  }

  /** Has those who wait look whether they still want to. */
  void wake() {
    if (waiters.get() > 0) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
