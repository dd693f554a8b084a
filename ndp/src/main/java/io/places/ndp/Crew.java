package io.places.ndp;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Threads for a piece of work that is cut into numbered parts. */
final class Crew {
  /** The calling thread. */
  static final Crew ALONE = new Crew(null);

  private final @Nullable Pool pool;

  private Crew(@Nullable Pool pool) {
    this.pool = pool;
  }

  /** The threads of a pool. */
  static Crew of(Pool pool) {
    return new Crew(pool);
  }

  /** How many threads there are. */
  int size() {
    return pool == null ? 1 : pool.threads();
  }

  /** Does many parts of unequal size; each thread takes the next when it is done with one. */
  void shared(int parts, IntConsumer work) {
    var next = new AtomicInteger();
    each(
        size(),
        member -> {
          for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
            work.accept(part);
          }
        });
  }

  /** Does all parts, and returns when all are done, interrupted or not; what one throws is thrown. */
  void each(int parts, IntConsumer work) {
    if (pool == null || parts == 1) {
      for (int part = 0; part < parts; part++) {
        work.accept(part);
      }
      return;
    }
    Round round = new Round(parts, work);
    for (int part = 0; part < parts; part++) {
      pool.push(round.new Part(part));
    }
    round.await(pool);
  }

  /** All parts of one piece of work. */
  private static final class Round {
    private final IntConsumer work;
    private final AtomicInteger missing;
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Round(int parts, IntConsumer work) {
      this.work = work;
      this.missing = new AtomicInteger(parts);
    }

    void await(Pool pool) {
      if (Pool.current() == pool) {
        pool.helpUntil(() -> missing.get() == 0);
      } else {
        awaitOutside();
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new AssertionError(e);
      }
    }

    private void awaitOutside() {
      boolean interrupted = false;
      while (true) {
        try {
          done.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true; // the parts still work on what the caller has lent them
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    final class Part implements Pool.Task {
      private final int number;

      Part(int number) {
        this.number = number;
      }

      @Override
      public void run() {
        try {
          work.accept(number);
        } catch (Throwable e) { // told to the caller
          failure.compareAndSet(null, e);
        }
        if (missing.decrementAndGet() == 0) {
          done.countDown();
          Pool current = Pool.current();
          if (current != null) {
            current.wake();
          }
        }
      }

      @Override
      public Object owner() {
        return Round.this;
      }
    }
  }
}
