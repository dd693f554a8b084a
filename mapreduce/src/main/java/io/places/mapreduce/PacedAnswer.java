package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.ToWorker;
import java.time.Duration;

/**
 * The answer to a fetch, sent no faster than the reducer makes room for it. One thread sends; any may hear that there
 * is more room.
 */
final class PacedAnswer {
  /**
   * A reducer takes from one source while the others wait, and may think long about one value: only its
   * end ends the waiting.
   */
  private static final Duration PATIENCE = Duration.ofDays(365);

  /** What is said later can still be added to it. */
  private static final long UNLIMITED = Long.MAX_VALUE / 2;

  private final PlaceChannel<FromWorker, ToWorker> reducer;

  /** In bytes. Guarded by this. */
  private long room;

  /**
   * An answer to a reducer.
   *
   * @param room in bytes; 0 if it knows nothing of that, being of an earlier version, and takes what comes
   */
  PacedAnswer(PlaceChannel<FromWorker, ToWorker> reducer, long room) {
    this.reducer = reducer;
    this.room = room == 0 ? UNLIMITED : room;
  }

  /** Sends a chunk, which nobody changes any more; in parts if there is not enough room for all of it. */
  void put(byte[] chunk) {
    int at = 0;
    while (at < chunk.length) {
      int size = take(chunk.length - at);
      send(chunk, at, size);
      at += size;
    }
  }

  /** There are no more chunks. */
  void end() {
    send(new byte[0], 0, 0);
  }

  /** The reducer has room for so many bytes more. */
  synchronized void more(long bytes) {
    room += bytes;
    notifyAll();
  }

  /** Waits until there is room for at least one byte, and takes room for so many or fewer. */
  private synchronized int take(int wanted) {
    try {
      while (room <= 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while waiting for the reducer to read", e);
    }
    int size = (int) Math.min(room, wanted);
    room -= size;
    return size;
  }

  private void send(byte[] chunk, int from, int size) {
    reducer.put(Shuffle.message(chunk, from, size), PATIENCE);
  }
}
