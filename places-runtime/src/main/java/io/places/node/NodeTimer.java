package io.places.node;

import io.places.Clock;
import io.places.LogContext;
import io.places.Surroundings;
import io.places.channel.Timeouts;
import io.places.place.CurrentPlace;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An action that runs once or again and again, in a thread of its own. It ends when it is closed, and with
 * the place or the node that it was asked for in. Closing does not interrupt a run under way.
 */
public final class NodeTimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTimer.class);

  private final String node;
  private final Surroundings surroundings;
  private final Clock clock;
  private final Consumer<NodeTimer> over;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private boolean closed; // guarded by the lock

  /**
   * @param over told when it has run for the last time
   */
  NodeTimer(String node, Surroundings surroundings, Consumer<NodeTimer> over) {
    this.node = node;
    this.surroundings = surroundings;
    this.clock = surroundings.clock();
    this.over = over;
  }

  void after(Duration wait, Runnable action) {
    long nanos = saturated(wait);
    start(() -> runOnce(nanos, action));
  }

  void every(Duration period, Runnable action) {
    long nanos = saturated(period);
    start(() -> runAgainAndAgain(nanos, action));
  }

  /** What is too long for nanoseconds becomes 146 years: half their range, so that times can be added. */
  private static long saturated(Duration duration) {
    return Math.min(Timeouts.nanos(duration), Long.MAX_VALUE / 2);
  }

  private void start(Runnable task) {
    Runnable close = this::close;
    CurrentPlace place = CurrentPlace.get().orElse(null);
    if (place != null) {
      place.whenEnding(close);
    }
    surroundings
        .spawner()
        .virtual(
            "places-timer",
            () -> {
              if (place == null) {
                LogContext.ofThread(node);
              } else {
                LogContext.ofThread(place.location().name(), place.place());
              }
              task.run();
              close();
              over.accept(this);
              if (place != null) {
                place.notWhenEnding(close);
              }
            });
  }

  private void runOnce(long nanos, Runnable action) {
    if (waitFor(nanos)) {
      run(action);
    }
  }

  /** Times that have passed while a run took longer than the period are left out. */
  private void runAgainAndAgain(long period, Runnable action) {
    long next = clock.nanoTime() + period;
    while (waitFor(next - clock.nanoTime())) {
      run(action);
      long late = clock.nanoTime() - next;
      next += period * (1 + Math.max(0, late / period));
    }
  }

  private void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      LOG.error("a run of a timer of node {} failed", node, e);
    }
  }

  /** Returns false if the timer is closed. */
  private boolean waitFor(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!closed && left > 0) {
        left = clock.await(closing, left);
      }
      return !closed;
    } catch (InterruptedException e) {
      return false; // nobody has this thread but the timer itself
    } finally {
      lock.unlock();
    }
  }

  /** No run begins after this; closing again does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
