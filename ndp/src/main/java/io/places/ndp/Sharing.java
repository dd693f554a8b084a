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
import org.jspecify.annotations.Nullable;

/*
 * Each worker has a thread here that steals for it: while something is being solved and the worker is free, it looks
 * through the parts that no thread has begun, the oldest first, for one whose work outweighs the copying. It looks
 * again and again, some thousand times a second, instead of being woken: parts come and go by the million, and
 * their threads should not have to think of it each time.
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
    if (solving.isEmpty() || !members.take(member)) {
      return false;
    }
    try {
      Pool.Task task =
          pool.steal(
              each -> each instanceof Solving<?, ?>.Part part && pays(part, member));
      if (task instanceof Solving<?, ?>.Part part) {
        ship(part, member);
        return true;
      }
      return false;
    } finally {
      members.giveBack(member);
    }
  }

  private <P, R> boolean pays(Solving<P, R>.Part part, Member member) {
    DivideAndConquer<P, R> by = part.solving().by();
    Kinds.Kind kind = kinds.of(by.getClass(), DivideAndConquer.class);
    if (!kind.travels()) {
      stayed(part, 0, 0, 0, kind.refusal());
      return false;
    }
    try {
      long there = kind.argumentBytes(part.problem());
      long bytes = there + by.resultBytes(part.problem(), there);
      double copy = member.copyNanos(bytes);
      double work = rates.nanos(by, part.problem());
      if (work > NdpGroup.OUTWEIGHS * copy) {
        decisions.add(decision(part, member.name(), work, bytes, copy, "a worker was free"));
        return true;
      }
      stayed(part, work, bytes, copy, "the work is not %d times the copying".formatted(NdpGroup.OUTWEIGHS));
    } catch (RuntimeException e) { // of the user's class: it fails when the part is solved, if it has to
      stayed(part, 0, 0, 0, "its work or bytes could not be told: " + e);
    }
    return false;
  }

  private <P, R> void stayed(
      Solving<P, R>.Part part, double work, long bytes, double copy, String because) {
    if (part.isNew()) {
      decisions.add(decision(part, "", work, bytes, copy, because));
    }
  }

  private static <P, R> Explanation.Decision decision(
      Solving<P, R>.Part part, String went, double work, long bytes, double copy, String because) {
    return new Explanation.Decision(
        part.path(), went, Decisions.nanos(work), bytes, Decisions.nanos(copy), because);
  }

  private <P, R> void ship(Solving<P, R>.Part part, Member member) throws InterruptedException {
    Solving<P, R> whole = part.solving();
    Kinds.Kind kind = kinds.of(whole.by().getClass(), DivideAndConquer.class);
    byte[] problem;
    try {
      problem = kind.encodeArgument(part.problem());
    } catch (RuntimeException e) { // a value that its type does not allow
      part.fail(e);
      return;
    }
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
    } catch (CancellationException e) {
      // The whole is over.
    } catch (RuntimeException e) { // the result cannot be read
      part.fail(e);
    }
  }

  /** The worker is lost, so nobody solves the part any more. */
  private <P, R> void again(Solving<P, R>.Part part, Member member, PlacesException why) {
    decisions.add(
        decision(part, "", 0, 0, 0, "%s was lost, so it is solved again: %s".formatted(member.name(), why.getMessage())));
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
