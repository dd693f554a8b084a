package io.places.rmpi;

import io.places.Clock;
import io.places.Spawner;
import io.places.event.Waiter;
import java.util.List;

/*
 * A timer for each message would cost more than the message. So a thread looks every two milliseconds while
 * messages gather now and then, and is parked when none has for a while.
 */
/** Sends what has gathered in the links of a rank that neither waits nor sends on. */
final class LateFlush {
  private static final long LATE_NANOS = 2_000_000;

  /** Looks in vain until it is parked. */
  private static final int PATIENCE = 50;

  private final Clock clock;
  private volatile List<TcpLink> links = List.of();
  private volatile boolean wanted;
  private volatile boolean over;
  private volatile boolean looks;
  private volatile Waiter waiter;

  /** Begins to look, for as long as the rank lives. */
  LateFlush(Clock clock, Spawner spawner) {
    this.clock = clock;
    this.waiter = new Waiter(clock);
    spawner.virtual("rmpi-late-flush", this::run);
  }

  void links(List<TcpLink> all) {
    links = List.copyOf(all);
  }

  /** Something has gathered. */
  void want() {
    wanted = true;
    if (!looks) {
      waiter.wake();
    }
  }

  void end() {
    over = true;
    waiter.wake();
  }

  private void run() {
    Waiter mine = new Waiter(clock);
    waiter = mine;
    try {
      while (!over) {
        looks = true;
        for (int vain = 0; vain < PATIENCE && !over; vain++) {
          if (wanted) {
            wanted = false;
            vain = 0;
            links.forEach(TcpLink::flushLate);
          }
          clock.park(this, LATE_NANOS);
        }
        looks = false;
        if (!wanted && !over) {
          mine.await(Long.MAX_VALUE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the rank is over
    }
  }
}
