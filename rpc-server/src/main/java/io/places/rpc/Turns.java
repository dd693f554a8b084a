package io.places.rpc;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/*
 * A fair semaphore rather than a lock: a turn is taken by the thread that reads the calls of a client, in
 * the order in which they came, and given back by the one that has run the call. First come, first served
 * among clients, so that a busy one does not shut out the others.
 */
/** Whose turn it is: a serial call runs alone, concurrent ones beside each other. */
final class Turns {
  /** So many concurrent calls run at most; each has a thread. Those beyond wait among the messages. */
  private static final int ALL = 1_024;

  private final Semaphore turns = new Semaphore(ALL, true);

  /** Waits until no other call runs, and lets none begin. */
  void takeAlone() throws InterruptedException {
    turns.acquire(ALL);
  }

  /** As {@link #takeAlone()}, but gives up after the limit and returns false. */
  boolean takeAlone(Duration limit) throws InterruptedException {
    return turns.tryAcquire(ALL, limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  void giveBackAlone() {
    turns.release(ALL);
  }

  /** Waits until no serial call runs, and lets none begin. */
  void takeTogether() throws InterruptedException {
    turns.acquire(1);
  }

  void giveBackTogether() {
    turns.release(1);
  }
}
