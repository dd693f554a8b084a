package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.event.Waiter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a channel to another node may still send: messages and bytes the receiver has room for. The last
 * message may overdraw the bytes, so that a message larger than the whole window can be sent; then
 * nothing goes until the receiver has given back more than the debt.
 *
 * <p>Safe for use by many threads.
 */
public final class Credit implements EventSource<Boolean> {
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition granted = lock.newCondition();
  private long messages;
  private long bytes;
  private final Set<Waiter> watchers = new LinkedHashSet<>();
  private @Nullable Supplier<PlacesException> closed;

  public Credit(Clock clock, long messages, long bytes) {
    this.clock = clock;
    this.messages = within(PlaceChannel.CREDIT_MESSAGES, 0, messages);
    this.bytes = within(PlaceChannel.CREDIT_BYTES, 0, bytes);
  }

  /**
   * Takes credit for one message; waits for it up to {@code nanos}, not at all if that is 0.
   *
   * @return false if there was none in time
   * @throws PlacesException the reason given to {@link #close}
   */
  public boolean acquire(int weight, long nanos) throws InterruptedException {
    lock.lock(); // who need not wait for credit sends, interrupted or not
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
      messages = within(PlaceChannel.CREDIT_MESSAGES, messages, moreMessages);
      bytes = within(PlaceChannel.CREDIT_BYTES, bytes, moreBytes);
      granted.signalAll();
      watchers.forEach(Waiter::wake);
    } finally {
      lock.unlock();
    }
  }

  /** What a peer grants beyond the window does not count: it would have more lie here than it has room for. */
  private static long within(long window, long now, long more) {
    return more >= window - now ? window : now + more;
  }

  /** Fails every waiting and later {@link #acquire} with the reason. The first reason counts. */
  public void close(Supplier<PlacesException> reason) {
    lock.lock();
    try {
      if (closed == null) {
        closed = reason;
        granted.signalAll();
        watchers.forEach(Waiter::wake);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isReady() {
    lock.lock();
    try {
      return closed != null || (messages > 0 && bytes > 0);
    } finally {
      lock.unlock();
    }
  }

  /** Ready while there is credit; takes none of it. */
  @Override
  public boolean take(Consumer<? super Boolean> taken) {
    lock.lock();
    try {
      if (closed != null) {
        throw closed.get();
      }
      if (messages <= 0 || bytes <= 0) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    taken.accept(true);
    return true;
  }

  @Override
  public void watch(Waiter waiter) {
    lock.lock();
    try {
      watchers.add(waiter);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void unwatch(Waiter waiter) {
    lock.lock();
    try {
      watchers.remove(waiter);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Clock clock() {
    return clock;
  }
}
