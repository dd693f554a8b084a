package io.places.rmpi;

import io.places.GetTimeoutException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Seconds;
import io.places.event.Waiter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A send or receive that is under way. Until it is done, the array that it sends must not be changed, nor
 * the one into which it receives be looked at.
 *
 * <p>Safe for use by many threads; what was done before a send is seen after the wait for the receive.
 *
 * @param <T> what it gives: the message for receives of objects, else a {@link Status}
 */
public final class Request<T> {
  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(Request.class, "outcome", Outcome.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the field is declared below", e);
    }
  }

  private final World world;
  private final int @Nullable [] peers;
  private final Supplier<String> what;
  private volatile @Nullable Outcome<T> outcome;
  private List<Runnable> whenDone = List.of(); // guarded by this
  private volatile boolean hasActions;

  private sealed interface Outcome<T> {}

  private record Done<T>(T value, Status status) implements Outcome<T> {}

  private record Failed<T>(Supplier<? extends PlacesException> why) implements Outcome<T> {}

  /**
   * @param peers the ranks of the world each of which can complete it; null if that is unknown
   * @param what for reports on who waits for what: {@code recv(double[] of 3, from rank 2, tag 7)}
   */
  Request(World world, int @Nullable [] peers, Supplier<String> what) {
    this.world = world;
    this.peers = peers;
    this.what = what;
  }

  static <T> Request<T> done(World world, T value, Status status) {
    Request<T> request = new Request<>(world, null, () -> "nothing");
    request.outcome = new Done<>(value, status);
    return request;
  }

  void complete(T value, Status status) {
    end(new Done<>(value, status));
  }

  /** The exception is made in the thread that waits. */
  void fail(Supplier<? extends PlacesException> why) {
    end(new Failed<>(why));
  }

  /*
   * Nearly all are over before anybody has asked to be told, so that costs no lock: who ends it sets the outcome
   * and looks for actions; who adds one looks for the outcome afterwards. One of them sees the other, and
   * who takes the action out of the list runs it.
   */
  private void end(Outcome<T> first) {
    if (OUTCOME.compareAndSet(this, null, first) && hasActions) {
      List<Runnable> actions;
      synchronized (this) {
        actions = List.copyOf(whenDone);
        whenDone.clear();
      }
      actions.forEach(Runnable::run);
    }
  }

  /** Runs an action when this is done, or now. */
  void whenDone(Runnable action) {
    synchronized (this) {
      if (whenDone.isEmpty()) {
        whenDone = new ArrayList<>(1);
      }
      whenDone.add(action);
      hasActions = true;
    }
    if (outcome != null && forget(action)) {
      action.run();
    }
  }

  /** Whether it was to be run still. */
  synchronized boolean forget(Runnable action) {
    return !whenDone.isEmpty() && whenDone.remove(action);
  }

  int @Nullable [] peers() {
    return peers;
  }

  boolean isOver() {
    return outcome != null;
  }

  /** Whether it is over, well or not. */
  public boolean isDone() {
    if (outcome == null) {
      world.progress().poll(); // who asks again and again does not wait for anything else
    }
    return outcome != null;
  }

  /**
   * Waits until it is done; as long as it takes, or until it cannot be any more.
   *
   * @throws MismatchException if what came does not fit the receive
   * @throws RankFailedException if another rank has failed
   * @throws DeadlockException if ranks wait for each other
   */
  public T await() {
    if (outcome == null) {
      awaitAny(world, Long.MAX_VALUE, List.of(this));
    }
    return result();
  }

  /**
   * As {@link #await()}, up to a limit. Until then nobody takes ranks that wait for each other for a deadlock if this is
   * one of their waits: it ends by itself.
   *
   * @throws GetTimeoutException if it is not done in time; it goes on
   */
  public T await(Duration limit) {
    if (awaitAny(world, TimeUnit.NANOSECONDS.convert(limit), List.of(this)) < 0) {
      throw new GetTimeoutException("%s is not done within %s".formatted(this, Seconds.of(limit)));
    }
    return result();
  }

  /** What it gives, if it is done. */
  public Optional<T> test() {
    return isDone() ? Optional.of(result()) : Optional.empty();
  }

  /** Of a request that is done. */
  public Status status() {
    if (Objects.requireNonNull(outcome, "it is not done yet") instanceof Done<T>(var value, var status)) {
      return status;
    }
    result();
    throw new AssertionError("a failed request has a result");
  }

  private T result() {
    return switch (Objects.requireNonNull(outcome, "it is not done yet")) {
      case Done<T>(T value, Status any) -> value;
      case Failed<T>(Supplier<? extends PlacesException> why) -> {
        PlacesException failure = world.thrown(why);
        throw failure instanceof RankFailedException lost ? lost.in(toString()) : failure;
      }
    };
  }

  /**
   * Completed as this is, by the thread that completes it: which must not wait for another message in what it
   * then runs. Where ranks are on other nodes each future that is not completed yet takes a thread.
   *
   * <p>Who waits for it, or for what is made of it by {@code thenApply} and the like, counts as waiting for the request
   * when deadlocks are looked for. That the program itself is about to complete or cancel such a future cannot be known.
   * Once one of those that are made of one request has a limit, no wait for any of them counts.
   */
  public CompletableFuture<T> toFuture() {
    if (outcome == null && world.progress().isNeeded()) {
      world.spawner().platform("rmpi-future", this::awaitForOthers);
    }
    CompletableFuture<T> future = new RequestFuture<>(world, this);
    whenDone(
        () -> {
          try {
            future.complete(result());
          } catch (PlacesException e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  /** Nothing completes it unless a thread of the rank waits. */
  private void awaitForOthers() {
    var poll = new Poll(world, List.of(this), false);
    try {
      world.progress().await(poll, Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the job is over
    } catch (RuntimeException | Error e) { // such as too little memory; unheard, whoever has the future would wait for ever
      world.fail(new RmpiException("rank %d cannot wait for %s: %s".formatted(world.rank(), this, e), e));
    } finally {
      poll.over();
    }
  }

  /** Waits for all of them. */
  public static void awaitAll(Request<?>... requests) {
    for (Request<?> request : requests) {
      request.await();
    }
  }

  /** Waits for all of them. */
  public static void awaitAll(List<? extends Request<?>> requests) {
    requests.forEach(Request::await);
  }

  /**
   * Waits until one of them is done.
   *
   * @return the first of those that are
   * @throws IllegalArgumentException if there are none
   */
  public static int awaitAny(Request<?>... requests) {
    if (requests.length == 0) {
      throw new IllegalArgumentException("no requests: none of them will ever be done");
    }
    return awaitAny(requests[0].world, Long.MAX_VALUE, Arrays.asList(requests));
  }

  /** Waits until some of them are done, and answers which. */
  public static List<Integer> awaitSome(Request<?>... requests) {
    awaitAny(requests);
    return doneOf(requests);
  }

  /** Which of them are done. */
  public static List<Integer> doneOf(Request<?>... requests) {
    List<Integer> done = new ArrayList<>();
    for (int i = 0; i < requests.length; i++) {
      if (requests[i].isDone()) {
        done.add(i);
      }
    }
    return done;
  }

  /** Whether all of them are done. */
  public static boolean allDone(Request<?>... requests) {
    return Arrays.stream(requests).allMatch(Request::isDone);
  }

  /**
   * Waits for one of several.
   *
   * @return -1 if none is done in time
   */
  private static int awaitAny(World world, long nanos, List<? extends Request<?>> requests) {
    int done = firstDone(requests);
    if (done >= 0) {
      return done;
    }
    Tally tally = world.tally();
    return tally == null
        ? waitForAny(world, nanos, requests)
        : tally.waiting(requests, () -> waitForAny(world, nanos, requests));
  }

  private static int waitForAny(World world, long nanos, List<? extends Request<?>> requests) {
    return world.progress().isNeeded()
        ? poll(world, nanos, requests)
        : park(world, nanos, requests);
  }

  /** Looks at the links meanwhile. */
  private static int poll(World world, long nanos, List<? extends Request<?>> requests) {
    var poll = new Poll(world, requests, nanos != Long.MAX_VALUE);
    try {
      world.progress().await(poll, nanos);
      return firstDone(requests);
    } catch (InterruptedException e) {
      throw interrupted(requests, e);
    } finally {
      poll.over();
    }
  }

  private static final class Poll implements Progress.Awaited {
    private final World world;
    private final List<? extends Request<?>> requests;
    private final boolean isLimited;
    private @Nullable Blocked blocked;

    Poll(World world, List<? extends Request<?>> requests, boolean isLimited) {
      this.world = world;
      this.requests = requests;
      this.isLimited = isLimited;
    }

    @Override
    public boolean isDone() {
      return firstDone(requests) >= 0;
    }

    @Override
    public void beforeSleep(Runnable wake) {
      requests.forEach(request -> request.whenDone(wake));
      if (blocked == null) {
        blocked = new Blocked(Thread.currentThread(), requests, world.clock().nanoTime(), () -> isLimited);
        world.blocks(blocked);
      }
    }

    @Override
    public void afterSleep(Runnable wake) {
      requests.forEach(request -> request.forget(wake));
    }

    void over() {
      if (blocked != null) {
        world.unblocks(blocked);
      }
    }
  }

  /** Others look at the links, or none needs that. */
  private static int park(World world, long nanos, List<? extends Request<?>> requests) {
    if (world.patience().until(() -> firstDone(requests) >= 0)) {
      return firstDone(requests);
    }
    Waiter waiter = new Waiter(world.clock());
    Runnable wake = waiter::wake;
    boolean isLimited = nanos != Long.MAX_VALUE;
    var blocked = new Blocked(Thread.currentThread(), requests, world.clock().nanoTime(), () -> isLimited);
    requests.forEach(request -> request.whenDone(wake));
    world.blocks(blocked);
    try {
      long left = nanos;
      while (firstDone(requests) < 0 && left > 0) {
        left = waiter.await(left);
      }
      return firstDone(requests);
    } catch (InterruptedException e) {
      throw interrupted(requests, e);
    } finally {
      world.unblocks(blocked);
      requests.forEach(request -> request.forget(wake));
    }
  }

  private static PlaceInterruptedException interrupted(
      List<? extends Request<?>> requests, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new PlaceInterruptedException("interrupted while waiting for " + requests, e);
  }

  private static int firstDone(List<? extends Request<?>> requests) {
    for (int i = 0; i < requests.size(); i++) {
      if (requests.get(i).isOver()) {
        return i;
      }
    }
    return -1;
  }

  /** The call that has made it: the word in front of what it is about. */
  String operation() {
    String text = what.get();
    int end = text.indexOf('(');
    return end < 0 ? text : text.substring(0, end);
  }

  @Override
  public String toString() {
    return what.get();
  }
}
