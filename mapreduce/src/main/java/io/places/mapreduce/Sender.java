package io.places.mapreduce;

import io.places.Spawner;
import org.jspecify.annotations.Nullable;

/**
 * Sends one client what it fetches: one answer after the other, each in a thread of its own. A combiner of the job may
 * take long over it, or never end, and the thread that hears the client must go on hearing. Used by that thread.
 */
final class Sender implements AutoCloseable {
  /** What the threads are called. */
  static final String THREAD = "mapreduce-send";

  private final Spawner spawner;
  private @Nullable PacedAnswer answer;
  private @Nullable Thread thread;

  Sender(Spawner spawner) {
    this.spawner = spawner;
  }

  /** Begins an answer, when the one before has ended. */
  void begin(PacedAnswer next, Runnable sending) {
    try {
      if (thread != null) {
        thread.join();
      }
    } catch (InterruptedException e) { // nobody does that; the client hears no more
      Thread.currentThread().interrupt();
      return;
    }
    answer = next;
    thread = spawner.platform(THREAD, sending);
  }

  /** The client has more room for the answer under way; of no meaning if there is none. */
  void more(long bytes) {
    if (answer != null) {
      answer.more(bytes);
    }
  }

  /** Nobody wants the answer under way. */
  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
