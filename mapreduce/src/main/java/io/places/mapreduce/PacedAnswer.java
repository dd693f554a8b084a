package io.places.mapreduce;

import io.places.ProtocolException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.ToWorker;
import java.time.Duration;

/** The answer to a fetch, sent no faster than the reducer makes room for it. Used by one thread. */
final class PacedAnswer {
  /**
   * A reducer takes from one source while the others wait, and may think long about one value: only its
   * end ends the waiting.
   */
  private static final Duration PATIENCE = Duration.ofDays(365);

  private final PlaceChannel<FromWorker, ToWorker> reducer;

  /** In bytes. */
  private long room;

  PacedAnswer(PlaceChannel<FromWorker, ToWorker> reducer, long room) {
    this.reducer = reducer;
    this.room = room;
  }

  /** Sends a chunk, which nobody changes any more; in parts if there is not enough room for all of it. */
  void put(byte[] chunk) {
    int at = 0;
    while (at < chunk.length) {
      while (room <= 0) {
        room += more();
      }
      int size = (int) Math.min(room, chunk.length - at);
      send(chunk, at, size);
      at += size;
      room -= size;
    }
  }

  /** There are no more chunks. */
  void end() {
    send(new byte[0], 0, 0);
  }

  private long more() {
    ToWorker message = reducer.get();
    if (!message.hasFetchMore()) {
      throw new ProtocolException("%s in the middle of an answer".formatted(message.getBodyCase()));
    }
    return message.getFetchMore().getBytes();
  }

  private void send(byte[] chunk, int from, int size) {
    reducer.put(Shuffle.message(chunk, from, size), PATIENCE);
  }
}
