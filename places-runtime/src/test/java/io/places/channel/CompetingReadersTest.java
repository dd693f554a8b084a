package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.ChannelClosedException;
import io.places.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several readers of one end: each message goes to exactly one. */
class CompetingReadersTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void fourWaitingReadersGetOneOfFourMessagesEach() throws Exception {
    var ends = PlaceChannel.pair(Integer.class, Integer.class);
    List<Task<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(Task.startWaiting(ends.second()::get));
    }
    for (int i = 0; i < 4; i++) {
      ends.first().put(i);
    }

    List<Integer> got = new ArrayList<>();
    for (Task<Integer> reader : readers) {
      got.add(reader.result());
    }
    assertThat(got).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void waitingReadersAreServedInTheOrderInWhichTheyCame() throws Exception {
    var ends = PlaceChannel.pair(Integer.class, Integer.class);
    var first = Task.startWaiting(ends.second()::get);
    var second = Task.startWaiting(() -> Event.sync(ends.second().receiveEvent()));
    var third = Task.startWaiting(() -> ends.second().get(SOON));

    ends.first().put(1);
    assertThat(first.result()).isEqualTo(1);
    ends.first().put(2);
    assertThat(second.result()).isEqualTo(2);
    ends.first().put(3);
    assertThat(third.result()).isEqualTo(3);
  }

  /** How a reader reads. */
  enum Reading {
    GET,
    GET_WITH_LIMIT,
    SYNC,
    MIXED
  }

  @ParameterizedTest
  @EnumSource
  void aMillionMessagesOfFourWritersReachEightThreadsOnceEach(Reading reading) throws Exception {
    int perWriter = reading == Reading.GET ? 250_000 : 40_000;
    var ends = PlaceChannel.pair(Integer.class, Integer.class);
    var times = new AtomicIntegerArray(4 * perWriter);
    List<Task<Integer>> readers = new ArrayList<>();
    for (int r = 0; r < 4; r++) {
      readers.add(Task.start(reader(ends.second(), reading, r, times)));
    }
    List<Task<Integer>> writers = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      int base = w * perWriter;
      writers.add(
          Task.start(
              () -> {
                for (int i = base; i < base + perWriter; i++) {
                  ends.first().put(i, SOON);
                }
                return perWriter;
              }));
    }

    for (Task<Integer> writer : writers) {
      assertThat(writer.result()).isEqualTo(perWriter);
    }
    ends.first().close();
    int sum = 0;
    for (Task<Integer> reader : readers) {
      sum += reader.result();
    }
    assertThat(sum).isEqualTo(4 * perWriter);
    for (int i = 0; i < times.length(); i++) {
      if (times.get(i) != 1) {
        assertThat(times.get(i)).as("readers that got message " + i).isEqualTo(1);
      }
    }
  }

  private static Callable<Integer> reader(
      PlaceChannel<Integer, Integer> end, Reading reading, int number, AtomicIntegerArray times) {
    return () -> {
      int count = 0;
      try {
        while (true) {
          boolean sync = reading == Reading.SYNC || (reading == Reading.MIXED && number % 2 == 0);
          int message =
              sync
                  ? Event.<Integer>sync(end.receiveEvent(), Event.never())
                  : reading == Reading.GET_WITH_LIMIT ? end.get(SOON) : end.get();
          times.incrementAndGet(message);
          count++;
        }
      } catch (ChannelClosedException e) {
        return count;
      }
    };
  }
}
