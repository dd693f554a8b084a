package io.places.ndp;

import io.places.Clock;
import io.places.MessageNotAllowedException;
import io.places.PlacesException;
import io.places.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

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

  /** A thread here that was to begin a whole problem may have lost its core for a moment. */
  private static final long WHOLE_WAITS_NANOS = Duration.ofMillis(10).toNanos();

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
  private int unmeasured; // ways; guarded by the lock
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
    this.unmeasured = members.all().size();
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

  boolean isClosed() {
    return closed;
  }

  /** Steals for a worker, until it is lost. */
  void share(Member member) {
    try {
      try {
        member.measure(surroundings.clock());
      } finally {
        measured();
      }
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

  private void measured() {
    lock.lock();
    try {
      unmeasured--;
      begun.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until each way was measured, as far as it can be; answers whether that came about in time. */
  boolean awaitMeasured(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = limit.toNanos(); unmeasured > 0 && left > 0 && !closed; ) {
        left = surroundings.clock().await(begun, left);
      }
      return unmeasured == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Tells of a worker that is lost, which may have had nothing to do. */
  void lost(Member member) {
    PlacesException why = member.client().loss();
    if (!closed && why != null) {
      decisions.add(
          Explanation.Decision.stayed(
              "every part", "none goes to %s any more, which was lost: %s".formatted(member.name(), why.getMessage())));
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
    if (solving.isEmpty() || !pool.isBusy() || !members.isFree(member)) {
      return false;
    }
    Look look = new Look(member);
    pool.steal(look);
    look.unasked.forEach(part -> ask(part, member));
    if (!look.found || !pool.isBusy()) {
      return false;
    }
    Choice choice = new Choice(member);
    if (!(pool.steal(choice) instanceof Solving<?, ?>.Part part)) {
      return false;
    }
    if (!members.take(member)) { // last, as others want it, too: never for nothing
      pool.push(part);
      return false;
    }
    try {
      choice.send(part);
      return true;
    } finally {
      members.giveBack(member);
    }
  }

  /** Asks the class what it says of a part: once, and with no lock held, as that may take long. */
  private <P, R> void ask(Solving<P, R>.Part part, Member member) {
    if (closed || part.isBegun() || part.solving().isOver()) {
      return;
    }
    try {
      Kinds.Kind kind = kinds.of(part.solving().by().getClass(), DivideAndConquer.class);
      if (!kind.travels()) {
        part.said(Solving.Said.NOTHING);
        decisions.add(Explanation.Decision.stayed(part.path(), kind.refusal()));
        return;
      }
      DivideAndConquer<P, R> by = part.solving().by();
      long there;
      try {
        there = kind.argumentBytes(part.problem());
      } catch (MessageNotAllowedException e) {
        part.said(Solving.Said.NOTHING);
        decisions.add(Explanation.Decision.stayed(part.path(), "it cannot go to other processes: " + e.getMessage()));
        return;
      }
      Solving.Said said =
          new Solving.Said(Rates.said(by, part.problem()), bytes(by, part.problem(), there), null);
      part.said(said);
      Weighed weighed = weighed(part, said, member);
      if (!weighed.pays()) {
        decisions.add(
            weighed.decision(
                part.path(), "", "the work is not %d times the copying".formatted(NdpGroup.OUTWEIGHS)));
      }
    } catch (Throwable e) { // whatever the user's class throws, it is that part's
      part.said(new Solving.Said(0, 0, e));
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

  /** Whether a part is one to be taken for a worker now. */
  private boolean isWanted(Solving<?, ?>.Part part, Member member, long now) {
    Solving.Said said = part.said();
    return said != null
        && !part.solving().isOver()
        && (said.failure() != null
            || (weighed(part, said, member).pays() && part.waited(now) >= (part.isWhole() ? WHOLE_WAITS_NANOS : LOOK_AGAIN_NANOS)));
  }

  /** One look through the parts that nobody has begun, which takes none of them. */
  private final class Look implements Predicate<Pool.Task> {
    private final Member member;
    private final long now = surroundings.clock().nanoTime();
    private final List<Solving<?, ?>.Part> unasked = new ArrayList<>(); // that this look is the first to see
    private boolean found; // one for the worker

    Look(Member member) {
      this.member = member;
    }

    /** With a deque's lock held, for each part in it: nothing of the user's is called here. */
    @Override
    public boolean test(Pool.Task task) {
      if (task instanceof Solving<?, ?>.Part part) {
        if (part.isNew(now)) {
          unasked.add(part);
        } else {
          found = found || isWanted(part, member, now);
        }
      }
      return false;
    }
  }

  /** Chooses a part for a worker. */
  private final class Choice implements Predicate<Pool.Task> {
    private final Member member;
    private final long now = surroundings.clock().nanoTime();

    Choice(Member member) {
      this.member = member;
    }

    /** As {@link Look#test}. */
    @Override
    public boolean test(Pool.Task task) {
      return task instanceof Solving<?, ?>.Part part && isWanted(part, member, now);
    }

    void send(Solving<?, ?>.Part part) throws InterruptedException {
      Solving.Said said = part.said();
      if (said == null) {
        throw new AssertionError("a part was chosen of which nothing is known");
      }
      if (said.failure() != null) {
        part.fail(said.failure());
        return;
      }
      decisions.add(
          weighed(part, said, member)
              .decision(part.path(), member.name(), "all threads here were busy, and a worker was free"));
      try {
        ship(part, member);
      } catch (CancellationException e) {
        // The whole is over.
      } catch (RuntimeException | Error e) { // the problem cannot be sent, or its result not be read
        part.fail(e);
      }
    }
  }

  private Weighed weighed(Solving<?, ?>.Part part, Solving.Said said, Member member) {
    double rate = rates.rate(part.solving().by());
    return new Weighed(
        rate * said.work(), rate, said.bytes(), member.copyNanos(said.bytes()), member.way());
  }

  private static <P, R> long bytes(DivideAndConquer<P, R> by, P problem, long there) {
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
        case null -> part.fail(e);
        default -> part.fail(e.getCause());
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
