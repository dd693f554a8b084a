package io.places.place;

import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.InterruptKind;
import io.places.PlaceFailedException;
import io.places.PlaceInterruptedException;
import io.places.PlaceStillRunningException;
import io.places.PlacesException;
import io.places.channel.Asked;
import io.places.channel.ChannelEnd;
import io.places.channel.EndHolder;
import io.places.channel.Received;
import io.places.channel.Timeouts;
import io.places.event.Event;
import io.places.event.EventSource;
import io.places.event.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The creator's view of a place, wherever that runs: whoever runs it says when it has ended. */
public final class PlaceHandle<S, R> implements Place<S, R>, EndHolder {
  private volatile String name;
  private final String nodeName;
  private final ChannelEnd<S, R> channel;
  private final Clock clock;

  // There may be a hundred thousand places: none has more than it needs, nor a lock of its own, so what
  // follows is guarded by its channel.
  private @Nullable Set<Waiter> watchers; // made for the first
  private @Nullable PlaceEnd end;
  private @Nullable Supplier<PlacesException> lost;
  private boolean mayStillRun;
  private @Nullable List<Runnable> whenOver; // made for the first
  private volatile boolean killedForCertain;
  private volatile @Nullable PlaceControl control;

  public PlaceHandle(String name, String nodeName, ChannelEnd<S, R> channel, Clock clock) {
    this.name = name;
    this.nodeName = nodeName;
    this.channel = channel;
    channel.belongsToAPlace();
    this.clock = clock;
  }

  /** Its node has given it its name. */
  public void rename(String given) {
    name = given;
  }

  /** Who can kill and interrupt the place; set before anybody else has this handle. */
  public void control(PlaceControl by) {
    control = by;
  }

  public PlaceControl control() {
    PlaceControl by = control;
    if (by == null) {
      throw new IllegalStateException(this + " has just been started");
    }
    return by;
  }

  /** The creator's end of the channel: what goes if somebody sends a place in a message. */
  @Override
  public ChannelEnd<S, R> end() {
    return channel;
  }

  /**
   * Runs an action when the place is over, or now if it is. There may be two: its parent's and its
   * runner's.
   */
  public void whenOver(Runnable action) {
    synchronized (channel) {
      if (!isOver()) {
        if (whenOver == null) {
          whenOver = new ArrayList<>(1);
        }
        whenOver.add(action);
        return;
      }
    }
    action.run();
  }

  /** The place has ended, and everything from it has arrived. */
  public void ended(PlaceEnd how) {
    over(() -> end = how, RunningPlace.closedBecause(name, nodeName, how));
  }

  /**
   * How the place ended will never be known.
   *
   * @param stillRunning whether it may run on, its node being silent rather than dead
   */
  public void lost(Supplier<PlacesException> reason, boolean stillRunning) {
    if (killedForCertain) {
      ended(PlaceEnd.killed());
      return;
    }
    over(
        () -> {
          lost = reason;
          mayStillRun = stillRunning;
        },
        reason);
  }

  /** Its process is about to be ended: the loss of the node will be no surprise, but that end. */
  public void killedForCertain() {
    killedForCertain = true;
  }

  /** Both under the lock: who sees the channel closed and then asks for the end, gets it. */
  private void over(Runnable change, Supplier<PlacesException> closed) {
    List<Runnable> actions;
    synchronized (channel) {
      if (isOver()) {
        return;
      }
      change.run();
      channel.placeIsOver(closed);
      if (watchers != null) {
        watchers.forEach(Waiter::wake);
      }
      actions = whenOver == null ? List.of() : List.copyOf(whenOver);
    }
    actions.forEach(Runnable::run);
  }

  private boolean isOver() {
    return end != null || lost != null;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String nodeName() {
    return nodeName;
  }

  @Override
  public int join() {
    return await(Long.MAX_VALUE).exitCode();
  }

  @Override
  public int join(Duration timeout) {
    PlaceEnd how = await(Timeouts.nanos(timeout));
    return how.exitCode();
  }

  private PlaceEnd await(long nanos) {
    try {
      if (!awaitOver(nanos)) {
        throw new GetTimeoutException(
            "%s has not ended within %s".formatted(this, Duration.ofNanos(nanos)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while waiting for the end of " + this, e);
    }
    synchronized (channel) {
      if (lost != null) {
        throw lost.get();
      }
      if (end == null) {
        throw new AssertionError("over, but it is not known how");
      }
      return end;
    }
  }

  /** False if it is not over within {@code nanos}. */
  private boolean awaitOver(long nanos) throws InterruptedException {
    if (overNow()) {
      return true;
    }
    var waiter = new Waiter(clock);
    watch(waiter);
    try {
      long left = nanos;
      while (!overNow() && left > 0) {
        left = waiter.await(left);
      }
      return overNow();
    } finally {
      unwatch(waiter);
    }
  }

  private void watch(Waiter waiter) {
    synchronized (channel) {
      if (watchers == null) {
        watchers = new LinkedHashSet<>();
      }
      watchers.add(waiter);
    }
  }

  private void unwatch(Waiter waiter) {
    synchronized (channel) {
      if (watchers != null) {
        watchers.remove(waiter);
      }
    }
  }

  @Override
  public void kill(Duration limit) {
    long nanos = Timeouts.nanos(limit);
    killNow();
    try {
      if (!awaitOver(nanos)) {
        throw new PlaceStillRunningException(
            "%s still runs %s after it was killed: its channel is closed and its threads are interrupted, but its code goes on; a place of Isolation.PROCESS can be ended for certain"
                .formatted(this, limit));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while killing " + this, e);
    }
  }

  /** Kills several at once, and waits for all of them together; answers why those live on that do. */
  static List<PlacesException> killAll(Collection<? extends PlaceHandle<?, ?>> places) {
    places.forEach(PlaceHandle::killNow);
    List<PlacesException> why = new ArrayList<>();
    long left = KILL_LIMIT.toNanos();
    for (PlaceHandle<?, ?> place : places) {
      long start = place.clock.nanoTime();
      try {
        place.kill(Duration.ofNanos(left));
      } catch (PlacesException e) {
        why.add(e);
      }
      left = Math.max(0, left - (place.clock.nanoTime() - start));
    }
    return why;
  }

  /** Kills without waiting. */
  void killNow() {
    PlaceControl by = control;
    if (by != null && !overNow()) {
      by.kill();
    }
  }

  @Override
  public void interrupt(InterruptKind kind) {
    PlaceControl by = control;
    if (by != null && !overNow()) {
      by.interrupt(kind);
    }
  }

  private boolean overNow() {
    synchronized (channel) {
      return isOver();
    }
  }

  @Override
  public Event<PlaceDeath> deadEvent() {
    return Event.of(new Death());
  }

  /** The end as a source of events. */
  private final class Death implements EventSource<PlaceDeath> {
    @Override
    public boolean isReady() {
      return overNow();
    }

    @Override
    public boolean take(Consumer<? super PlaceDeath> taken) {
      PlaceDeath death = death();
      if (death == null) {
        return false;
      }
      taken.accept(death);
      return true;
    }

    @Override
    public void watch(Waiter waiter) {
      PlaceHandle.this.watch(waiter);
    }

    @Override
    public void unwatch(Waiter waiter) {
      PlaceHandle.this.unwatch(waiter);
    }

    @Override
    public Clock clock() {
      return clock;
    }
  }

  private @Nullable PlaceDeath death() {
    synchronized (channel) {
      if (end != null) {
        return new PlaceDeath(
            toString(), end.reason(), end.exitCode(), Optional.ofNullable(end.failure()));
      }
      return lost == null
          ? null
          : new PlaceDeath(
              toString(),
              mayStillRun ? PlaceDeath.Reason.UNREACHABLE : PlaceDeath.Reason.NODE_DOWN,
              1,
              Optional.empty());
    }
  }

  @Override
  public Optional<PlaceFailedException> failure() {
    synchronized (channel) {
      return end == null ? Optional.empty() : Optional.ofNullable(end.failure());
    }
  }

  @Override
  public void put(S message) {
    channel.put(message);
  }

  @Override
  public void put(S message, Duration timeout) {
    channel.put(message, timeout);
  }

  @Override
  public boolean offer(S message) {
    return channel.offer(message);
  }

  @Override
  public R get() {
    return channel.get();
  }

  @Override
  public R get(Duration timeout) {
    return channel.get(timeout);
  }

  @Override
  public Optional<R> poll() {
    return channel.poll();
  }

  @Override
  public R ask(S question, Duration timeout) {
    return channel.ask(question, timeout);
  }

  @Override
  public Asked<R> pose(S question, Duration timeout) {
    return channel.pose(question, timeout);
  }

  @Override
  public CompletableFuture<R> askAsync(S question, Duration timeout) {
    return channel.askAsync(question, timeout);
  }

  @Override
  public Received<R, S> receive() {
    return channel.receive();
  }

  @Override
  public long lateAnswers() {
    return channel.lateAnswers();
  }

  @Override
  public Event<R> receiveEvent() {
    return channel.receiveEvent();
  }

  @Override
  public Event<PlacesException> closedEvent() {
    return channel.closedEvent();
  }

  @Override
  public Event<Boolean> creditEvent() {
    return channel.creditEvent();
  }

  @Override
  public void close() {
    channel.close();
  }

  @Override
  public String toString() {
    return "place %s on node %s".formatted(name, nodeName);
  }
}
