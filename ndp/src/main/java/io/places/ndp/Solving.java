package io.places.ndp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * The tree of parts is the stack of the recursion, turned round: a part knows its parent and its place among the
 * siblings, and whoever finishes the last of them combines, goes on upwards, and so on. So nobody waits for parts:
 * neither a thread nor a worker is held by a problem that is being solved elsewhere, and the depth of the tree is
 * bounded by memory only.
 */
/** One problem that is being solved, with all its parts. Safe for use by many threads. */
final class Solving<P, R> extends Running<R> {
  /** The path of what is no part of anything. */
  static final String WHOLE = "the whole";

  /** As many levels of a path are told: nobody reads more. */
  static final int TOLD = 64;

  /** Splitting that goes on for so long makes no progress. */
  private static final int DEEPEST = 1_000_000;

  /** When memory ends below so many levels, the splitting is why. */
  private static final int SUSPICIOUS = 10_000;

  private final DivideAndConquer<P, R> by;
  private final @Nullable Rates rates;

  /**
   * @param rates where to note how long parts take; null if nobody wants to know, or as the solve around it
   */
  Solving(Pool pool, DivideAndConquer<P, R> by, @Nullable Rates rates) {
    super(pool);
    this.by = by;
    this.rates = rates == null ? super.rates() : rates;
  }

  /** Has it solved by the pool's threads. */
  void start(P problem) {
    begin(List.of(new Part(problem, null, 0, 0)));
  }

  @Override
  String what() {
    return "solving by " + byName();
  }

  @Override
  @Nullable Rates rates() {
    return rates;
  }

  DivideAndConquer<P, R> by() {
    return by;
  }

  /** Refuses what could not come from another process. */
  private R notNull(String method, R result) {
    if (result == null) { // the user's compiler may not look for nulls
      throw new IllegalStateException(
          "%s.%s has returned null; a result is an object, such as an empty Optional".formatted(byName(), method));
    }
    return result;
  }

  private String byName() {
    return by.getClass().getName();
  }

  /**
   * What the class says of a part: asked once, and kept.
   *
   * @param work nanoseconds, or in proportion to them
   * @param bytes of the problem and its result
   * @param failure what the class has thrown instead
   */
  record Said(double work, long bytes, @Nullable Throwable failure) {
    /** Of what cannot travel. */
    static final Said NOTHING = new Said(0, 0, null);
  }

  /** A problem of the tree, which is still to be split or solved. */
  final class Part implements Pool.Task {
    private final P problem;
    private final @Nullable Part parent;
    private final int index;
    private final int depth;
    private Object @Nullable [] results; // of its parts, when it has been split
    private final AtomicInteger missing = new AtomicInteger();
    private boolean seen; // by one thread at a time: under a deque's lock
    private long seenAt;
    private volatile boolean begun;
    private volatile @Nullable Said said;

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
    boolean isNew(long now) {
      if (seen) {
        return false;
      }
      seen = true;
      seenAt = now;
      return true;
    }

    /** Whether it is no part of anything. */
    boolean isWhole() {
      return parent == null;
    }

    /** Whether a thread has begun it. */
    boolean isBegun() {
      return begun;
    }

    /** What its class says of it; null until that was asked. */
    @Nullable Said said() {
      return said;
    }

    void said(Said what) {
      said = what;
    }

    private double work() {
      Said before = said;
      return before == null || before.failure() != null ? Rates.said(by, problem) : before.work();
    }

    /** How long ago that was. */
    long waited(long now) {
      return now - seenAt;
    }

    /**
     * Where it is in the tree: "1.0" is the first part of the second part of the whole. The last levels only, if there
     * are very many, so that this takes no time.
     */
    String path() {
      List<String> indices = new ArrayList<>();
      Part at = this;
      while (at.parent != null && indices.size() < TOLD) {
        indices.add(Integer.toString(at.index));
        at = at.parent;
      }
      if (at.depth > 0) {
        indices.add("[%,d levels]".formatted(at.depth));
      }
      Collections.reverse(indices);
      return indices.isEmpty() ? WHOLE : String.join(".", indices);
    }

    @Override
    public Object owner() {
      return Solving.this;
    }

    @Override
    public void run() {
      if (isOver()) {
        return;
      }
      begun = true;
      try {
        if (by.isSmall(problem)) {
          R result = rates == null ? by.solve(problem) : rates.solve(by, problem, this::work);
          finish(notNull("solve", result));
        } else {
          split();
        }
      } catch (OutOfMemoryError e) {
        fail(depth < SUSPICIOUS ? e : new IllegalStateException(endless("memory ended at a part"), e));
      } catch (Throwable e) { // whatever the class throws, the solve has to end
        fail(e);
      }
    }

    private String endless(String found) {
      return "%s %,d levels deep that is still not small: does %s.split make parts smaller than the problem, and isSmall end that?"
          .formatted(found, depth, byName());
    }

    private void split() {
      if (depth == DEEPEST) {
        throw new IllegalStateException(endless("a part is"));
      }
      List<P> problems = parts();
      if (problems.isEmpty()) {
        finish(notNull("combine", by.combine(problem, List.of())));
        return;
      }
      int size = problems.size();
      results = new Object[size];
      missing.set(size);
      for (int i = size - 1; i >= 0; i--) { // the first is the next of this thread
        P of = problems.get(i);
        if (of == null) { // as above
          throw new IllegalStateException("%s.split has returned null as part %d".formatted(byName(), i));
        }
        pool().push(new Part(of, this, i, depth + 1));
      }
    }

    private List<P> parts() {
      List<P> problems = by.split(problem);
      if (problems == null) { // the user's compiler may not look for nulls
        throw new IllegalStateException(
            "%s.split has returned null; a problem without parts has an empty list".formatted(byName()));
      }
      return problems;
    }

    void fail(Throwable cause) {
      if (!isOver()) {
        Solving.this.fail(SubproblemFailedException.onPart(byName(), path(), cause));
      }
    }

    /** It failed elsewhere, on a part of it. */
    void fail(Throwable cause, String pathWithin) {
      if (!isOver()) {
        boolean itself = pathWithin.isEmpty() || pathWithin.equals(WHOLE);
        String path = itself ? path() : parent == null ? pathWithin : path() + "." + pathWithin;
        Solving.this.fail(SubproblemFailedException.onPart(byName(), path, cause));
      }
    }

    /** It came from elsewhere: a thread of the pool goes on. */
    void came(R value) {
      if (parent == null) { // nothing is left to do
        succeed(value);
        return;
      }
      pool()
          .push(
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
        if (above.missing.decrementAndGet() > 0 || isOver()) {
          return;
        }
        of = combine(above, siblings);
        at = above;
      }
      succeed(of);
    }

    @SuppressWarnings("unchecked") // only results are put in
    private R combine(Part above, Object[] siblings) {
      above.results = null;
      try {
        return notNull("combine", by.combine(above.problem, Arrays.asList((R[]) siblings)));
      } catch (Throwable e) {
        above.fail(e);
        throw e;
      }
    }
  }
}
