package io.places.supervise;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.LogContext;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.channel.Timeouts;
import io.places.place.CurrentPlace;
import io.places.place.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One thread for each thing: it waits for the end of a life, asks the history what follows, waits, and
 * starts the next. The first life is started by whoever asks for supervision, so that what can never
 * work fails in his hands.
 *
 * All that others see lies behind the lock: the present life, whether it is over, and why there will be
 * no other.
 */
/** Keeps one thing alive. */
final class Keeper<L> implements Lives<L>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  /** How a life ended; see {@link Ending}. */
  record End(boolean failed, String how, @Nullable Throwable cause) {}

  /** What is kept alive. */
  interface Thing<L> {
    /** For messages: "place 'counter' on node main". */
    String what();

    /** Begins a life. */
    L start(long epoch);

    /** Waits for its end. */
    End await(L life);

    /** Ends it, if it is not over. */
    void stop(L life);
  }

  private final Thing<L> thing;
  private final Restart restart;
  private final String node;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Now<L> now;
  private boolean beginning; // guarded by the lock: a life begins that is not the present one yet
  private @Nullable List<Runnable> whenDone = new ArrayList<>(2); // guarded by the lock; null: it is
  private long since; // owned by the keeping thread

  /**
   * @param node by which it is kept alive, for the log
   */
  Keeper(Thing<L> thing, Restart restart, String node, Surroundings surroundings) {
    this.thing = thing;
    this.restart = restart;
    this.node = node;
    this.clock = surroundings.clock();
    this.now = new Now<>(1, thing.start(1), false, null);
    this.since = clock.nanoTime();
    CurrentPlace.get().ifPresent(this::endWith);
    surroundings.spawner().virtual("places-supervise", this::keep);
  }

  private void endWith(CurrentPlace place) {
    Runnable close = this::close;
    place.whenEnding(close);
    whenDone(() -> place.notWhenEnding(close));
  }

  /** Runs an action when nothing is left to be closed: no life will begin, and the last one has ended. */
  void whenDone(Runnable action) {
    lock.lock();
    try {
      if (whenDone != null) {
        whenDone.add(action);
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  private void done() {
    List<Runnable> actions;
    lock.lock();
    try {
      actions = whenDone == null ? List.of() : whenDone;
      whenDone = null;
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
  }

  private void keep() {
    LogContext.ofThread(node);
    try {
      var history = new History(thing.what(), restart);
      for (Now<L> life = now(); life.over() == null; life = now()) {
        End end = thing.await(life.life());
        Duration lived = Duration.ofNanos(clock.nanoTime() - since);
        ended();
        if (now().over() != null) {
          return; // it has ended because supervision was closed
        }
        nextLife(
            history,
            new Ending(life.epoch(), lived, end.failed(), end.how(), end.cause()));
      }
    } catch (PlaceInterruptedException e) {
      over(() -> closedBecause("its supervisor's thread was interrupted")); // at the JVM's end
    } catch (RuntimeException | Error e) { // whoever waits for a life must not do so for ever
      LOG.error("{} is not kept alive any more", thing.what(), e);
      over(() -> new PlacesException(thing.what() + " is not kept alive any more: its supervision failed: " + e, e));
    } finally {
      done();
    }
  }

  /** Starts it again and again, until a life has begun or it is over. */
  private void nextLife(History history, Ending first) {
    Ending end = first;
    while (true) {
      switch (history.ended(end, clock.nanoTime())) {
        case History.Verdict.Done() -> {
          Ending last = end;
          over(() -> new ChannelClosedException(last.how() + "; it is not started anew", last.cause()));
          return;
        }
        case History.Verdict.TooOften(GaveUp gaveUp) -> {
          giveUp(gaveUp);
          return;
        }
        case History.Verdict.Again(Duration pause) -> {
          LOG.warn("{}; {} is started anew after {}", end.how(), thing.what(), Words.of(pause));
          if (!pause(pause)) {
            return;
          }
        }
      }
      try {
        begin(end.epoch() + 1);
        return;
      } catch (PlaceInterruptedException e) {
        throw e;
      } catch (RuntimeException | Error e) {
        end =
            new Ending(
                end.epoch(),
                Duration.ZERO,
                true,
                "%s could not be started anew: %s"
                    .formatted(thing.what(), e instanceof Error ? e : e.getMessage()),
                e);
      }
    }
  }

  private void begin(long epoch) {
    if (!beginning()) {
      return;
    }
    try {
      L life = thing.start(epoch);
      if (!begun(epoch, life)) {
        thing.stop(life); // supervision was closed meanwhile
      }
    } finally {
      begunOrFailed();
    }
  }

  /** Returns false if it is over. */
  private boolean beginning() {
    lock.lock();
    try {
      beginning = now.over() == null;
      return beginning;
    } finally {
      lock.unlock();
    }
  }

  /** Returns false if it is over: then the life was for nothing, and nobody hears of it but who stops it. */
  private boolean begun(long epoch, L life) {
    lock.lock();
    try {
      boolean over = now.over() != null;
      now = new Now<>(over ? now.epoch() : epoch, life, over, now.over());
      since = clock.nanoTime();
      changed.signalAll();
      return !over;
    } finally {
      lock.unlock();
    }
  }

  private void begunOrFailed() {
    lock.lock();
    try {
      beginning = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      now = new Now<>(now.epoch(), now.life(), true, now.over());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(GaveUp gaveUp) {
    LOG.error("{}", gaveUp.message());
    over(() -> new GaveUpException(gaveUp));
    try {
      restart.onGiveUp().accept(gaveUp);
    } catch (RuntimeException e) {
      LOG.error("the action on giving up on {} failed", thing.what(), e);
    }
  }

  /** No further life will begin; the first reason counts. */
  private void over(Supplier<PlacesException> reason) {
    lock.lock();
    try {
      if (now.over() != null) {
        return;
      }
      now = new Now<>(now.epoch(), now.life(), now.ended(), reason);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns false if it is over. */
  private boolean pause(Duration wait) {
    lock.lock();
    try {
      long left = Timeouts.nanos(wait);
      while (now.over() == null && left > 0) {
        left = clock.await(changed, left);
      }
      return now.over() == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while supervising " + thing.what(), e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends it for good. A life that is just beginning is waited for, no longer than a kill waits, so that none begins
   * behind the caller's back; one that takes longer to begin is ended when it has.
   */
  @Override
  public void close() {
    over(() -> closedBecause("its supervisor was closed"));
    awaitBeginning();
    thing.stop(now().life());
  }

  private void awaitBeginning() {
    lock.lock();
    try {
      long left = Place.KILL_LIMIT.toNanos();
      while (beginning && left > 0) {
        left = clock.await(changed, left);
      }
      if (beginning) {
        LogContext.of(
            node,
            () ->
                LOG.warn(
                    "{} is closed while it is started anew; it is ended when it has begun",
                    thing.what()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while closing " + thing.what(), e);
    } finally {
      lock.unlock();
    }
  }

  private PlacesException closedBecause(String why) {
    return new ChannelClosedException("%s is not kept alive any more: %s".formatted(thing.what(), why));
  }

  @Override
  public Now<L> now() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Now<L> after(long epoch, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (now.epoch() <= epoch && now.over() == null && left > 0) {
        left = clock.await(changed, left);
      }
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitEnd(long epoch, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (now.epoch() == epoch && !now.ended() && left > 0) {
        left = clock.await(changed, left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String what() {
    return thing.what();
  }
}
