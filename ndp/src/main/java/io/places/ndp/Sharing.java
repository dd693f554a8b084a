package io.places.ndp;

import io.places.Clock;
import io.places.PlacesException;
import io.places.Surroundings;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Each worker has a thread here that steals for it: while something is being solved, the worker is free and no thread
 * here looks for something to do, it looks through the parts that no thread has begun, the oldest first, for one whose
 * work outweighs the copying. It looks again and again, some thousand times a second, instead of being woken: parts come
 * and go by the million, and their threads should not have to think of it each time. Only a part that was there at the
 * look before is taken: so a thread here that is on its way to a new one, such as a whole problem, comes first.
 */
/** Sends parts of problems to workers. */
final class Sharing implements AutoCloseable {
  private static final long LOOK_AGAIN_NANOS = Duration.ofNanos(300_000).toNanos();
  private static final long IDLE_NANOS = Duration.ofMillis(200).toNanos();

  private final Pool pool;
  private final Members members;
  private final Kinds kinds;
  private final Rates rates;
  private final Decisions decisions;
  private final Surroundings surroundings;
  private final Set<Solving<?, ?>> solving = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition begun = lock.newCondition();
  private volatile boolean closed;

  Sharing(
      Pool pool,
      Members members,
      Kinds kinds,
      Rates rates,
      Decisions decisions,
      Surroundings surroundings) {
    this.pool = pool;
    this.members = members;
    this.kinds = kinds;
    this.rates = rates;
    this.decisions = decisions;
    this.surroundings = surroundings;
  }

  <P, R> R solve(P problem, DivideAndConquer<P, R> by) {
    checkOpen();
    tellOfUnmeasured();
    var whole = new Solving<>(pool, by, rates);
    solving.add(whole);
    try {
      lock.lock();
      try {
        begun.signalAll();
      } finally {
        lock.unlock();
      }
      whole.start(problem);
      if (closed) {
        whole.cancel("the group was closed");
      }
      return whole.await();
    } finally {
      solving.remove(whole);
    }
  }

  private void tellOfUnmeasured() {
    for (Member member : members.all()) {
      if (!member.isMeasured() && !member.isLost()) {
        decisions.add(
            Explanation.Decision.stayed(
                "every part", "the way to %s is not measured yet; when it is, parts may go".formatted(member.name())));
        return; // the ways are measured at a time
      }
    }
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the group is closed");
    }
  }

  /** Steals for a worker, until it is lost. */
  void share(Member member) {
    try {
      member.measure(surroundings.clock());
      while (!closed && !member.isLost()) {
        if (!stealFor(member)) {
          rest();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the JVM ends
    } catch (RuntimeException | Error e) {
      decisions.add(
          Explanation.Decision.stayed("every part", "none goes to %s any more: %s".formatted(member.name(), e)));
      throw e; // a fault of this module: its stack is printed
    }
  }

  private void rest() throws InterruptedException {
    if (!solving.isEmpty()) {
      surroundings.clock().park(this, LOOK_AGAIN_NANOS);
      return;
    }
    lock.lockInterruptibly();
    try {
      if (solving.isEmpty() && !closed) {
        Clock clock = surroundings.clock();
        clock.await(begun, IDLE_NANOS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether there was anything to steal. */
  private boolean stealFor(Member member) throws InterruptedException {
    if (solving.isEmpty() || !pool.isBusy() || !members.take(member)) {
      return false;
    }
    try {
      Choice choice = new Choice(member);
      if (pool.steal(choice) instanceof Solving<?, ?>.Part part) {
        choice.send(part);
        return true;
      }
      return false;
    } finally {
      members.giveBack(member);
    }
  }

  /** Whether a part pays: all that a user may want to know of it. */
  private record Weighed(double work, double rate, long bytes, double copy, Explanation.Way way) {
    boolean pays() {
      return work > NdpGroup.OUTWEIGHS * copy;
    }

    Explanation.Decision decision(String part, String went, String because) {
      return new Explanation.Decision(
          part, went, Decisions.nanos(work), rate, bytes, Decisions.nanos(copy), way, because);
    }
  }

  /** One look through the parts that nobody has begun, for one that a worker could solve. */
  private final class Choice implements Predicate<Pool.Task> {
    private final Member member;
    private final long now = surroundings.clock().nanoTime();
    private @Nullable Weighed weighed; // of the part that was chosen
    private @Nullable Throwable failure; // of the user's class, instead

    Choice(Member member) {
      this.member = member;
    }

    /** With a deque's lock held, for each part in it: no more is done here than has to be. */
    @Override
    public boolean test(Pool.Task task) {
      if (!(task instanceof Solving<?, ?>.Part part) || part.solving().isOver()) {
        return false;
      }
      boolean isNew = part.isNew(now);
      try {
        DivideAndConquer<?, ?> by = part.solving().by();
        Kinds.Kind kind = kinds.of(by.getClass(), DivideAndConquer.class);
        if (!kind.travels()) {
          if (isNew) {
            decisions.add(Explanation.Decision.stayed(part.path(), kind.refusal()));
          }
          return false;
        }
        weighed = weighed(part, kind, member);
        if (weighed.pays()) {
          return part.waited(now) >= LOOK_AGAIN_NANOS;
        }
        if (isNew) {
          decisions.add(
              weighed.decision(
                  part.path(), "", "the work is not %d times the copying".formatted(NdpGroup.OUTWEIGHS)));
        }
        return false;
      } catch (Throwable e) { // whatever the user's class throws, it is that part's
        failure = e;
        return true;
      }
    }

    void send(Solving<?, ?>.Part part) throws InterruptedException {
      if (failure != null) {
        part.fail(failure);
        return;
      }
      if (weighed != null) {
        decisions.add(
            weighed.decision(part.path(), member.name(), "all threads here were busy, and a worker was free"));
      }
      try {
        ship(part, member);
      } catch (CancellationException e) {
        // The whole is over.
      } catch (RuntimeException | Error e) { // the problem cannot be sent, or its result not be read
        part.fail(e);
      }
    }
  }

  private <P, R> Weighed weighed(Solving<P, R>.Part part, Kinds.Kind kind, Member member) {
    DivideAndConquer<P, R> by = part.solving().by();
    long bytes = bytes(kind, by, part.problem());
    double rate = rates.rate(by);
    double work = rate * Rates.said(by, part.problem());
    return new Weighed(work, rate, bytes, member.copyNanos(bytes), member.way());
  }

  private static <P, R> long bytes(Kinds.Kind kind, DivideAndConquer<P, R> by, P problem) {
    long there = kind.argumentBytes(problem);
    long back = by.resultBytes(problem, there);
    if (back < 0) {
      throw new IllegalArgumentException(
          "%s.resultBytes has returned %,d; a result takes 0 bytes or more".formatted(by.getClass().getName(), back));
    }
    return back > Long.MAX_VALUE - there ? Long.MAX_VALUE : there + back;
  }

  private <P, R> void ship(Solving<P, R>.Part part, Member member) throws InterruptedException {
    Solving<P, R> whole = part.solving();
    Kinds.Kind kind = kinds.of(whole.by().getClass(), DivideAndConquer.class);
    byte[] problem = kind.encodeArgument(part.problem());
    WorkerClient.Ordered order;
    try {
      order = member.client().order(true, whole.by().getClass().getName(), problem);
    } catch (PlacesException e) {
      again(part, member, e);
      return;
    }
    whole.onEnd(() -> member.client().cancel(order));
    try {
      @SuppressWarnings("unchecked") // as the class declares
      R result = (R) kind.decodeResult(order.answer().get());
      part.came(result);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RemoteFailure failure -> part.fail(failure, failure.path());
        case PlacesException lost -> again(part, member, lost);
        case null, default -> part.fail(e);
      }
    }
  }

  /** The worker is lost, so nobody solves the part any more. */
  private <P, R> void again(Solving<P, R>.Part part, Member member, PlacesException why) {
    decisions.add(
        Explanation.Decision.stayed(
            part.path(), "%s was lost, so it is solved again: %s".formatted(member.name(), why.getMessage())));
    pool.push(part);
  }

  @Override
  public void close() {
    closed = true;
    solving.forEach(each -> each.cancel("the group was closed"));
    lock.lock();
    try {
      begun.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
