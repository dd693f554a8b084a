package io.places.ndp;

import io.places.PlaceInterruptedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * The tree of parts is the stack of the recursion, turned round: a part knows its parent and its place among the
 * siblings, and whoever finishes the last of them combines, goes on upwards, and so on. So nobody waits for parts:
 * neither a thread nor a worker is held by a problem that is being solved elsewhere, and the depth of the tree is
 * bounded by memory only.
 */
/** One problem that is being solved, with all its parts. Safe for use by many threads. */
final class Solving<P, R> {
  /** Splitting that goes on for so long makes no progress. */
  private static final int DEEPEST = 1_000_000;

  private final Pool pool;
  private final DivideAndConquer<P, R> by;
  private final @Nullable Rates rates;
  private final CompletableFuture<R> result = new CompletableFuture<>();
  private final Set<Solving<?, ?>> within = ConcurrentHashMap.newKeySet(); // solves inside this one
  private final @Nullable Solving<?, ?> outer;
  private volatile boolean over;

  /**
   * @param rates where to note how long parts take; null if nobody wants to know, or as the solve around it
   */
  Solving(Pool pool, DivideAndConquer<P, R> by, @Nullable Rates rates) {
    this.pool = pool;
    this.by = by;
    this.outer = Pool.currentOwner() instanceof Solving<?, ?> around ? around : null;
    this.rates = rates == null && outer != null ? outer.rates : rates;
  }

  /** Has it solved by the pool's threads. */
  void start(P problem) {
    if (outer != null) {
      outer.within.add(this);
    }
    pool.push(new Part(problem, null, 0, 0));
    if (outer != null && outer.over) {
      cancel("the solve around it is over");
    }
  }

  /**
   * Waits for the result. A thread of the pool works meanwhile.
   *
   * @throws SubproblemFailedException if the class has thrown
   * @throws CancellationException if it was cancelled
   * @throws PlaceInterruptedException if the thread is interrupted; all parts are cancelled then
   */
  R await() {
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
        case CancellationException cancelled -> throw new CancellationException(cancelled.getMessage());
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
      throw new PlaceInterruptedException("interrupted while solving by " + by.getClass().getName(), e);
    }
  }

  boolean isOver() {
    return over;
  }

  /** Ends it, if it has not ended; parts that are at work are interrupted. */
  void cancel(String why) {
    end(new CancellationException("solving by %s was cancelled: %s".formatted(by.getClass().getName(), why)));
  }

  void onEnd(Runnable action) {
    var _ = result.whenComplete((value, failure) -> action.run());
  }

  private void end(RuntimeException why) {
    over = true;
    if (result.completeExceptionally(why)) {
      pool.interrupt(this);
      within.forEach(each -> each.cancel("the solve around it is over"));
      pool.wake();
    }
  }

  DivideAndConquer<P, R> by() {
    return by;
  }

  /** A problem of the tree, which is still to be split or solved. */
  final class Part implements Pool.Task {
    private final P problem;
    private final @Nullable Part parent;
    private final int index;
    private final int depth;
    private Object @Nullable [] results; // of its parts, when it has been split
    private final AtomicInteger missing = new AtomicInteger();
    private boolean examined; // by one thread at a time: under a deque's lock

    private Part(P problem, @Nullable Part parent, int index, int depth) {
      this.problem = problem;
      this.parent = parent;
      this.index = index;
      this.depth = depth;
    }

    Solving<P, R> solving() {
      return Solving.this;
    }

    P problem() {
      return problem;
    }

    /** Whether it is looked at for the first time by one who could take it elsewhere. */
    boolean isNew() {
      boolean before = examined;
      examined = true;
      return !before;
    }

    /** Where it is in the tree: "1.0" is the first part of the second part of the whole. */
    String path() {
      List<String> indices = new ArrayList<>();
      for (Part at = this; at.parent != null; at = at.parent) {
        indices.add(Integer.toString(at.index));
      }
      Collections.reverse(indices);
      return indices.isEmpty() ? "the whole" : String.join(".", indices);
    }

    @Override
    public Object owner() {
      return Solving.this;
    }

    @Override
    public void run() {
      if (over) {
        return;
      }
      try {
        if (by.isSmall(problem)) {
          finish(rates == null ? by.solve(problem) : rates.solve(by, problem));
        } else {
          split();
        }
      } catch (Throwable e) { // whatever the class throws, the solve has to end
        fail(e);
      }
    }

    private void split() {
      List<P> problems = by.split(problem);
      if (depth == DEEPEST) {
        throw new IllegalStateException(
            "a part is %,d levels deep and still not small".formatted(DEEPEST));
      }
      if (problems.isEmpty()) {
        finish(by.combine(problem, List.of()));
        return;
      }
      results = new Object[problems.size()];
      missing.set(problems.size());
      for (int i = problems.size() - 1; i >= 0; i--) { // the first is the next of this thread
        pool.push(new Part(problems.get(i), this, i, depth + 1));
      }
    }

    void fail(Throwable cause) {
      if (!over) {
        end(new SubproblemFailedException(by.getClass().getName(), path(), cause));
      }
    }

    /** It failed elsewhere, on a part of it. */
    void fail(Throwable cause, String pathWithin) {
      if (!over) {
        boolean itself = pathWithin.isEmpty() || !Character.isDigit(pathWithin.charAt(0));
        String path = itself ? path() : parent == null ? pathWithin : path() + "." + pathWithin;
        end(new SubproblemFailedException(by.getClass().getName(), path, cause));
      }
    }

    /** It came from elsewhere: a thread of the pool goes on. */
    void came(R value) {
      pool.push(
          new Pool.Task() {
            @Override
            public void run() {
              try {
                finish(value);
              } catch (Throwable e) { // as above
                fail(e);
              }
            }

            @Override
            public Object owner() {
              return Solving.this;
            }
          });
    }

    private void finish(R value) {
      Part at = this;
      R of = value;
      while (at.parent != null) {
        Part above = at.parent;
        Object[] siblings = above.results;
        if (siblings == null) {
          throw new AssertionError("a part of a problem that was not split");
        }
        siblings[at.index] = of; // seen by whoever counts the last down
        if (above.missing.decrementAndGet() > 0 || over) {
          return;
        }
        of = combine(above, siblings);
        at = above;
      }
      over = true;
      if (result.complete(of)) {
        pool.wake();
      }
    }

    @SuppressWarnings("unchecked") // only results are put in
    private R combine(Part above, Object[] siblings) {
      above.results = null;
      try {
        return by.combine(above.problem, Arrays.asList((R[]) siblings));
      } catch (Throwable e) {
        above.fail(e);
        throw e;
      }
    }
  }
}
