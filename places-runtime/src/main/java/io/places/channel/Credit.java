package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a channel may still send: messages and bytes the receiver has room for. The last
 * message may overdraw the bytes, so that a message larger than the whole window can be sent; then
 * nothing goes until the receiver has given back more than the debt.
 *
 * <p>Safe for use by many threads.
 */
public final class Credit {
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition granted = lock.newCondition();
  private long messages;
  private long bytes;
  private @Nullable Supplier<PlacesException> closed;

  public Credit(Clock clock, long messages, long bytes) {
    this.clock = clock;
    this.messages = messages;
    this.bytes = bytes;
  }

  /**
   * Takes credit for one message; waits for it up to {@code nanos}, not at all if that is 0.
   *
   * @return false if there was none in time
   * @throws PlacesException the reason given to {@link #close}
   */
  public boolean acquire(int weight, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (closed == null && (messages <= 0 || bytes <= 0)) {
        if (left <= 0) {
          return false;
        }
        left = clock.await(granted, left);
      }
      if (closed != null) {
        throw closed.get();
      }
      messages--;
      bytes -= weight;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives credit back, or grants more. */
  public void grant(long moreMessages, long moreBytes) {
    lock.lock();
    try {
      messages += moreMessages;
      bytes += moreBytes;
      granted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Fails every waiting and later {@link #acquire} with the reason. The first reason counts. */
  public void close(Supplier<PlacesException> reason) {
    lock.lock();
    try {
      if (closed == null) {
        closed = reason;
        granted.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
