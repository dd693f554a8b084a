package io.places.event;

import io.places.Clock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A thread that waits for one of several sources. */
public final class Waiter {
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean awake;

  Waiter(Clock clock) {
    this.clock = clock;
  }

  /** A source may have become ready. From any thread; returns at once. */
  public void wake() {
    lock.lock();
    try {
      awake = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until it was woken since the last wait.
   *
   * @param nanos the longest to wait; {@link Long#MAX_VALUE} for as long as it takes
   */
  void await(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!awake && left > 0) {
        if (nanos == Long.MAX_VALUE) {
          woken.await();
        } else {
          left = clock.await(woken, left);
        }
      }
      awake = false;
    } finally {
      lock.unlock();
    }
  }
}
