package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one end: those it asked and has no answer to, and those it got and owes an answer to.
 * Safe for use by many threads.
 *
 * @param <I> what answers come in as
 */
final class Asks<I> {
  private final Clock clock;
  private final AtomicLong next = new AtomicLong();
  private final Map<Long, Pending<I>> asked = new ConcurrentHashMap<>();

  /** By thread id: the thread that got a question answers it. */
  private final Map<Long, Long> owed = new ConcurrentHashMap<>();

  Asks(Clock clock) {
    this.clock = clock;
  }

  /** A new question's number; to be followed by {@link #await} or {@link #forget}. */
  long open() {
    long question = next.incrementAndGet();
    asked.put(question, new Pending<>());
    return question;
  }

  void forget(long question) {
    asked.remove(question);
  }

  /**
   * Waits for an answer.
   *
   * @return null if none came within {@code nanos}
   */
  @Nullable I await(long question, long nanos) throws InterruptedException {
    Pending<I> pending = asked.get(question);
    if (pending == null) {
      throw new IllegalStateException("question " + question + " is not open");
    }
    return pending.await(clock, nanos);
  }

  /** An answer came. One that nobody waits for any more is dropped. */
  void answered(long question, I answer) {
    Pending<I> pending = asked.get(question);
    if (pending != null) {
      pending.set(answer, null);
    }
  }

  /** No answer will come any more. */
  void fail(Supplier<PlacesException> reason) {
    asked.values().forEach(pending -> pending.set(null, reason));
  }

  /** The calling thread got a question. */
  void owe(long question) {
    owed.put(Thread.currentThread().threadId(), question);
  }

  /** The question that the calling thread's next message answers; 0 if there is none. */
  long takeOwed() {
    if (owed.isEmpty()) {
      return 0;
    }
    Long question = owed.remove(Thread.currentThread().threadId());
    return question == null ? 0 : question;
  }

  private static final class Pending<I> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition over = lock.newCondition();
    private @Nullable I answer;
    private @Nullable Supplier<PlacesException> failure;

    void set(@Nullable I value, @Nullable Supplier<PlacesException> reason) {
      lock.lock();
      try {
        if (answer == null && failure == null) {
          answer = value;
          failure = reason;
          over.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    @Nullable I await(Clock clock, long nanos) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        long left = nanos;
        while (answer == null && failure == null && left > 0) {
          left = clock.await(over, left);
        }
        if (failure != null) {
          throw failure.get();
        }
        return answer;
      } finally {
        lock.unlock();
      }
    }
  }
}
