package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one end whose answers come as futures, with their time limits. Safe for use by many
 * threads.
 *
 * @param <I> what answers come in as
 */
final class Promises<I> {
  private final Clock clock;
  private final Map<Long, Promise<?>> open = new ConcurrentHashMap<>();

  /** Whether the {@link Overdue} looks here; so as to tell it once, not for each question. */
  private volatile boolean watched;

  Promises(Clock clock) {
    this.clock = clock;
  }

  /**
   * Awaits an answer.
   *
   * @param read makes the answer of what came in
   * @param nanos after which it fails
   * @param overdue why, then
   */
  <R> Promise<R> open(
      long question,
      Function<? super I, ? extends R> read,
      long nanos,
      Supplier<PlacesException> overdue) {
    long now = clock.nanoTime();
    // Differences of nanoTime are only right within 292 years.
    long limit = Math.min(nanos, Long.MAX_VALUE / 2);
    @SuppressWarnings("unchecked") // this end gets nothing but I
    var reads = (Function<Object, R>) (Function<?, ?>) read;
    var promise = new Promise<R>(this, question, reads, now + limit, overdue);
    open.put(question, promise);
    if (!watched) {
      watched = true;
      Overdue.by(clock).watch(this);
    }
    return promise;
  }

  /** False if nobody waits for the answer. */
  boolean answered(long question, I answer) {
    Promise<?> promise = open.remove(question);
    return promise != null && promise.keep(answer);
  }

  /** No answer will come any more. */
  void fail(Supplier<PlacesException> reason) {
    open.values().forEach(promise -> promise.fail(reason));
  }

  /**
   * Fails those whose time is over.
   *
   * @return false if none is open, and this is watched no more
   */
  boolean expire() {
    long now = clock.nanoTime();
    for (Promise<?> promise : open.values()) {
      if (promise.deadline - now <= 0) {
        promise.fail(promise.overdue);
      }
    }
    if (open.isEmpty()) {
      watched = false;
      if (open.isEmpty()) {
        return false;
      }
      watched = true; // one was opened meanwhile, and may have found this watched
    }
    return true;
  }

  /** An answer to come. */
  static final class Promise<R> extends CompletableFuture<R> {
    private final Promises<?> of;
    private final long number;
    private final Function<Object, R> read;
    private final long deadline;
    private final Supplier<PlacesException> overdue;

    private Promise(
        Promises<?> of,
        long number,
        Function<Object, R> read,
        long deadline,
        Supplier<PlacesException> overdue) {
      this.of = of;
      this.number = number;
      this.read = read;
      this.deadline = deadline;
      this.overdue = overdue;
    }

    long number() {
      return number;
    }

    void forget() {
      of.open.remove(number);
    }

    /** False if it is over already: then the answer was not read. */
    boolean keep(Object answer) {
      if (isDone()) {
        return false;
      }
      try {
        complete(read.apply(answer));
      } catch (RuntimeException e) {
        completeExceptionally(e); // what came is no message of this end
      }
      return true;
    }

    void fail(Supplier<PlacesException> reason) {
      forget();
      completeExceptionally(reason.get());
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      forget();
      return super.cancel(mayInterruptIfRunning);
    }

    /** A future that depends on this one is an ordinary one. */
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
      return new CompletableFuture<>();
    }
  }
}
