package io.places.channel;

import io.places.Clock;
import io.places.Spawner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/*
 * Nearly every promise is kept long before its time, so a promise must cost nothing here: it is only
 * looked at, every few milliseconds, together with all others. The thread ends when there are none.
 */
/** Ends promises whose time is over: one for all ends that live by the same clock. */
final class Overdue {
  /** The most that a promise fails too late. A thousand open ones are looked at in some microseconds. */
  private static final Duration TICK = Duration.ofMillis(10);

  private static final Map<Clock, Overdue> BY_CLOCK = new ConcurrentHashMap<>();

  private final Clock clock;
  private final Set<Promises<?>> watched = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean running = new AtomicBoolean();

  private Overdue(Clock clock) {
    this.clock = clock;
  }

  static Overdue by(Clock clock) {
    return BY_CLOCK.computeIfAbsent(clock, Overdue::new);
  }

  void watch(Promises<?> promises) {
    watched.add(promises);
    if (running.compareAndSet(false, true)) {
      Spawner.system().virtual("places-overdue", this::run);
    }
  }

  private void run() {
    while (true) {
      clock.park(this, TICK.toNanos());
      for (Promises<?> each : List.copyOf(watched)) { // else one that is added again may be met again
        watched.remove(each); // first, so that one in which a question is opened now can come back
        if (each.expire()) {
          watched.add(each);
        }
      }
      if (watched.isEmpty()) {
        running.set(false);
        if (watched.isEmpty() || !running.compareAndSet(false, true)) {
          return;
        }
      }
    }
  }
}
