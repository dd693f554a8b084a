package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived on one end of a channel and was not got yet. Unbounded by itself: the sender's
 * {@link Credit} bounds it.
 *
 * <p>Safe for use by many threads; each message goes to exactly one taker, first come first served.
 *
 * @param <M> what is kept: messages as they are, or their encoding
 */
public final class Mailbox<M> {

  /** Told of what was taken, so that the sender gets its credit back. */
  public interface Taken {
    void taken(int messages, long bytes);
  }

  private record Entry<M>(M message, int weight) {}

  private final Clock clock;
  private final Taken taken;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Entry<M>> entries = new ArrayDeque<>();
  private @Nullable Supplier<PlacesException> closed;

  public Mailbox(Clock clock, Taken taken) {
    this.clock = clock;
    this.taken = taken;
  }

  /**
   * Adds a message; wakes one taker.
   *
   * @param weight what the message counts against the sender's bytes
   * @return false if the mailbox is closed: the message is dropped
   */
  public boolean deliver(M message, int weight) {
    lock.lock();
    try {
      if (closed != null) {
        return false;
      }
      entries.add(new Entry<>(message, weight));
      arrived.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next message; waits for it.
   *
   * @param nanos the longest to wait; {@link Long#MAX_VALUE} for as long as the mailbox is open
   * @return the message; null if the time is over
   * @throws PlacesException the reason given to {@link #close}, once the mailbox is empty
   */
  public @Nullable M take(long nanos) throws InterruptedException {
    Entry<M> entry;
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while ((entry = entries.poll()) == null) {
        if (closed != null) {
          throw closed.get();
        }
        if (nanos == Long.MAX_VALUE) {
          arrived.await();
        } else if (left <= 0) {
          return null;
        } else {
          left = clock.await(arrived, left);
        }
      }
    } finally {
      lock.unlock();
    }
    taken.taken(1, entry.weight());
    return entry.message();
  }

  /**
   * Takes the next message if it is there.
   *
   * @return null if the mailbox is open and empty
   * @throws PlacesException the reason given to {@link #close}, once the mailbox is empty
   */
  public @Nullable M poll() {
    Entry<M> entry;
    lock.lock();
    try {
      entry = entries.poll();
      if (entry == null) {
        if (closed != null) {
          throw closed.get();
        }
        return null;
      }
    } finally {
      lock.unlock();
    }
    taken.taken(1, entry.weight());
    return entry.message();
  }

  /**
   * Lets takers have what is there, then fail with the reason. The first reason counts.
   *
   * @param reason made anew for each taker, so that each sees its own stack
   */
  public void close(Supplier<PlacesException> reason) {
    lock.lock();
    try {
      if (closed == null) {
        closed = reason;
        arrived.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes and drops what is there. */
  public void discard(Supplier<PlacesException> reason) {
    close(reason);
    lock.lock();
    try {
      entries.clear();
    } finally {
      lock.unlock();
    }
  }
}
