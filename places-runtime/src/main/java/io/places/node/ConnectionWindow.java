package io.places.node;

import io.places.Clock;
import io.places.wire.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/*
 * The peer's budget for this connection is twice its window, be that of 64 MiB or, where the heap is small, of less.
 * All that may be unread there lies below it, whatever the order in which it is sent:
 *
 *   - A large message may overdraw by three quarters of the window: so one as large as the window goes as long as a
 *     quarter is left, whatever the slow readers of others have not got. A larger one goes when three quarters are
 *     left, as they are when all is got, since the peer grants in lumps of a quarter. So the largest can be sent.
 *   - Small ones have a quarter more, so that they pass when slow readers of large ones have used up the rest.
 *
 * Together less than a window is overdrawn. Only a message that is itself larger than one and a half windows comes
 * nearer to the budget, and one beyond it is refused there.
 */
/**
 * What may still be sent on a connection, all channels together, before the peer has got some of it. Safe for use by
 * many threads.
 */
final class ConnectionWindow {
  private final Clock clock;
  private final AtomicLong left = new AtomicLong(Connection.WINDOW);
  private volatile long all = Connection.WINDOW;
  private final AtomicInteger waiters = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  ConnectionWindow(Clock clock) {
    this.clock = clock;
  }

  /** How much the peer takes in all: no more than {@link Connection#WINDOW}. */
  void announced(long window) {
    long announced = Math.clamp(window, 0, Connection.WINDOW);
    grant(announced - Connection.WINDOW); // first, or what is left of the old one would be cut to the new one before
    all = announced;
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
    long cost = Connection.cost(size);
    boolean small = size <= Connection.SMALL_MESSAGE;
    long now = left.get();
    while (hasRoom(now, cost, small)) {
      if (left.compareAndSet(now, now - cost)) {
        return true;
      }
      now = left.get();
    }
    return false;
  }

  private boolean hasRoom(long now, long cost, boolean small) {
    long most = all - all / 4;
    boolean isWithin = small ? now - cost > -all : now > 0 && now - cost >= -most;
    return isWithin || now >= most;
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

  /** The peer has got so much, or wants less held: then it is negative. There is never more than was announced. */
  void grant(long bytes) {
    left.accumulateAndGet(bytes, (now, more) -> Math.min(all, now + more));
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
