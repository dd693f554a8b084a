package io.places.mapreduce;

import io.places.Spawner;
import org.jspecify.annotations.Nullable;

/**
 * Sends one client what it fetches: one answer after the other, each in a thread of its own: a platform thread if the
 * job has a combiner. That may take long over it, or never end, and the thread that hears the client must go on hearing. Used by that thread.
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

  /**
   * Begins an answer, when the one before has ended.
   *
   * @param combines whether a class of the job has a part in it
   */
  void begin(PacedAnswer next, boolean combines, Runnable sending) {
    try {
      if (thread != null) {
        thread.join();
      }
    } catch (InterruptedException e) { // nobody does that; the client hears no more
      Thread.currentThread().interrupt();
      return;
    }
    answer = next;
    thread = combines ? spawner.platform(THREAD, sending) : spawner.virtual(THREAD, sending);
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
