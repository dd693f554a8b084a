package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import io.places.event.Patience;
import io.places.event.Waiter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one end: those it asked and has no answer to, and those it got and owes an answer to.
 * Safe for use by many threads.
 *
 * @param <I> what answers come in as
 */
final class Asks<I> {
  /** Few enough to keep, more than the threads that usually serve one end. */
  private static final int FIRST_SWEEP = 64;

  private final Clock clock;
  private final AtomicLong next = new AtomicLong();
  private final Map<Long, Pending<I>> asked = new ConcurrentHashMap<>();

  /** The thread that got a question answers it. */
  private final Map<Thread, Long> owed = new ConcurrentHashMap<>();

  private final Patience patience = new Patience();
  private final AtomicLong late = new AtomicLong();
  private final Promises<I> promises;
  private volatile int sweepAt = FIRST_SWEEP;

  Asks(Clock clock) {
    this.clock = clock;
    this.promises = new Promises<>(clock);
  }

  /** The questions whose answers nobody waits for in this class. */
  Promises<I> promises() {
    return promises;
  }

  /** A new question's number. */
  long number() {
    return next.incrementAndGet();
  }

  /** A new question's number, of the calling thread; to be followed by {@link #forget}. */
  long open() {
    long question = number();
    asked.put(question, new Pending<>(clock));
    return question;
  }

  /** The number of the last question; the next one has the next number. */
  long last() {
    return next.get();
  }

  /** Leaves out all numbers up to this one. */
  void startAfter(long question) {
    next.updateAndGet(last -> Math.max(last, question));
  }

  /** Answers the question's answer, if one came that was not waited for. */
  @Nullable I forget(long question) {
    Pending<I> pending = asked.remove(question);
    return pending == null ? null : pending.forget();
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
    return pending.await(patience, nanos);
  }

  /** An answer came; false if nobody waits for it any more: then it is counted. */
  boolean answered(long question, I answer) {
    Pending<I> pending = asked.get(question);
    boolean taken =
        pending != null ? pending.set(new Answer<>(answer)) : promises.answered(question, answer);
    if (!taken) {
      late.incrementAndGet();
    }
    return taken;
  }

  /** How many answers were dropped. */
  long late() {
    return late.get();
  }

  /** No answer will come any more. */
  void fail(Supplier<PlacesException> reason) {
    asked.values().forEach(pending -> pending.set(new Failure<>(reason)));
    promises.fail(reason);
  }

  /** The calling thread got a question; one that it still owes an answer to will have none. */
  void owe(long question) {
    owed.put(Thread.currentThread(), question);
    if (owed.size() >= sweepAt) {
      owed.keySet().removeIf(thread -> !thread.isAlive()); // ended without an answer
      sweepAt = Math.max(FIRST_SWEEP, 2 * owed.size());
    }
  }

  /** How many threads owe an answer, with some that ended. */
  int owedCount() {
    return owed.size();
  }

  /** The question that the calling thread's next message answers; 0 if there is none. */
  long takeOwed() {
    if (owed.isEmpty()) {
      return 0;
    }
    Long question = owed.remove(Thread.currentThread());
    return question == null ? 0 : question;
  }

  /** What was taken as owed was not answered: the answer was not sent. */
  void stillOwed(long question) {
    owed.putIfAbsent(Thread.currentThread(), question);
  }

  /** What the asking thread waits for. */
  private static final class Pending<I> {
    private final Waiter waiter;
    private final AtomicReference<@Nullable Outcome<I>> outcome = new AtomicReference<>();

    Pending(Clock clock) {
      this.waiter = new Waiter(clock);
    }

    boolean set(Outcome<I> first) {
      boolean isFirst = outcome.compareAndSet(null, first);
      if (isFirst) {
        waiter.wake();
      }
      return isFirst;
    }

    @Nullable I forget() {
      return outcome.getAndSet(new Over<>()) instanceof Answer<I>(I answer) ? answer : null;
    }

    @Nullable I await(Patience patience, long nanos) throws InterruptedException {
      long left = nanos;
      patience.until(() -> outcome.get() != null);
      while (outcome.get() == null && left > 0) {
        left = waiter.await(left);
      }
      return switch (outcome.get()) {
        case null -> null;
        case Over<I>() -> null;
        case Answer<I> answer -> outcome.compareAndSet(answer, new Over<>()) ? answer.answer() : null;
        case Failure<I>(Supplier<PlacesException> reason) -> throw reason.get();
      };
    }
  }

  private sealed interface Outcome<I> {}

  private record Answer<I>(I answer) implements Outcome<I> {}

  /** The answer was taken, or is not waited for any more. */
  private record Over<I>() implements Outcome<I> {}

  private record Failure<I>(Supplier<PlacesException> reason) implements Outcome<I> {}
}
