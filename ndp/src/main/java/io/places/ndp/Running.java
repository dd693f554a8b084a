package io.places.ndp;

import io.places.PlaceInterruptedException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Something that threads of a pool do together, and that ends at once when it fails or is cancelled, with all that was
 * begun inside it. Safe for use by many threads.
 *
 * @param <R> what comes of it
 */
abstract class Running<R> {
  /** Not a {@link CancellationException}, which a future takes for its own, and does not give out. */
  private static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Cancelled(String message) {
      super(message);
    }
  }

  private final Pool pool;
  private final CompletableFuture<R> result = new CompletableFuture<>();
  private final Set<Running<?>> within = ConcurrentHashMap.newKeySet(); // begun inside this one
  private final @Nullable Running<?> outer;
  private volatile boolean over;

  Running(Pool pool) {
    this.pool = pool;
    this.outer = Pool.currentOwner() instanceof Running<?> around ? around : null;
  }

  /** What it is, for messages: "solving by Fibonacci". */
  abstract String what();

  /** Where to note how long parts take; null if nobody wants to know. */
  @Nullable Rates rates() {
    return outer == null ? null : outer.rates();
  }

  final Pool pool() {
    return pool;
  }

  /** Has its first tasks run by the pool's threads; the last is the first of this one, if it is one of them. */
  final void begin(List<? extends Pool.Task> tasks) {
    if (outer != null) {
      outer.within.add(this);
    }
    tasks.forEach(pool::push);
    if (outer != null && outer.over) {
      cancel("what is around it is over");
    }
  }

  /**
   * Waits for the result. A thread of the pool works meanwhile.
   *
   * @throws SubproblemFailedException if a class of the user's has thrown
   * @throws CancellationException if it was cancelled
   * @throws PlaceInterruptedException if the thread is interrupted; all tasks are cancelled then
   */
  final R await() {
    try {
      if (Pool.current() == pool) {
        pool.helpUntil(result::isDone);
      } else {
        awaitOutside();
      }
    } finally {
      if (outer != null) {
        outer.within.remove(this);
      }
    }
    if (result.isCompletedExceptionally()) {
      switch (result.exceptionNow()) {
        case SubproblemFailedException failure -> throw failure.again();
        case Cancelled cancelled -> throw new CancellationException(cancelled.getMessage());
        case OutOfMemoryError noMemory -> throw noMemory;
        case Throwable other -> throw new AssertionError(other);
      }
    }
    return result.resultNow();
  }

  private void awaitOutside() {
    var done = new CountDownLatch(1);
    onEnd(done::countDown);
    try {
      done.await();
    } catch (InterruptedException e) {
      cancel("the thread that waited for it was interrupted");
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while " + what(), e);
    }
  }

  final boolean isOver() {
    return over;
  }

  /** Whether its result is there: none of its tasks is at work then. */
  final boolean hasSucceeded() {
    return result.isDone() && !result.isCompletedExceptionally();
  }

  /** Ends it, if it has not ended; tasks that are at work are interrupted. */
  final void cancel(String why) {
    end(new Cancelled("%s was cancelled: %s".formatted(what(), why)));
  }

  final void onEnd(Runnable action) {
    var _ = result.whenComplete((value, failure) -> action.run());
  }

  final void fail(SubproblemFailedException why) {
    end(why);
  }

  /** Ends it by something that should not be: whoever waits for it is thrown that. */
  final void broken(Throwable why) {
    end(why);
  }

  private void end(Throwable why) {
    over = true;
    if (result.completeExceptionally(why)) {
      pool.interrupt(this);
      within.forEach(each -> each.cancel("what is around it is over"));
      pool.wake();
    }
  }

  final void succeed(R with) {
    over = true;
    if (result.complete(with)) {
      pool.wake();
    }
  }
}
