package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FetchPartition;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.Source;
import io.places.mapreduce.proto.ToWorker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How fast map output goes to a reducer. */
@Timeout(20)
class ShuffleTest {
  private final PlaceChannel.Pair<FromWorker, ToWorker> ends =
      PlaceChannel.pair(FromWorker.class, ToWorker.class);
  private final PlaceChannel<FromWorker, ToWorker> source = ends.first();
  private final PlaceChannel<ToWorker, FromWorker> reducer = ends.second();

  @Test
  void noMoreIsSentThanTheReducerHasRoomFor() throws InterruptedException {
    var answer = new PacedAnswer(source, 600);
    Thread sends =
        Thread.startVirtualThread(
            () -> {
              answer.put(new byte[1_000]);
              answer.end();
            });

    assertThat(reducer.get().getChunk().size()).isEqualTo(600);
    answer.more(1);
    assertThat(reducer.get().getChunk().size()).isEqualTo(1);
    answer.more(500);
    assertThat(reducer.get().getChunk().size()).isEqualTo(399);
    assertThat(reducer.get().getChunk().isEmpty()).isTrue();
    sends.join();
  }

  @Test
  void aReducerThatReadsMakesRoomForTheRest() {
    ChunkSource fetched = Shuffle.fetch(7, 3, Source.getDefaultInstance(), 100, reducer);
    FetchPartition request = source.get().getFetchPartition();
    assertThat(request.getRoom()).isEqualTo(100);
    var answer = new PacedAnswer(source, request.getRoom());
    Thread.startVirtualThread(
        () -> {
          while (true) {
            answer.more(source.get().getFetchMore().getBytes());
          }
        });
    Thread.startVirtualThread(
        () -> {
          for (int chunk = 0; chunk < 50; chunk++) {
            answer.put(new byte[70]);
          }
          answer.end();
        });

    int read = 0;
    for (byte[] chunk = fetched.next(); chunk != null; chunk = fetched.next()) {
      read += chunk.length;
    }
    assertThat(read).isEqualTo(50 * 70);
  }

  @Test
  void aReducerThatKnowsNothingOfRoomGetsAllAtOnce() {
    FetchPartition request = FetchPartition.newBuilder().setJob(7).setPartition(3).build();
    var answer = new PacedAnswer(source, request.getRoom());
    answer.put(new byte[1_000]);
    answer.end();

    assertThat(reducer.get().getChunk().size()).isEqualTo(1_000);
    assertThat(reducer.get().getChunk().isEmpty()).isTrue();
  }
}
