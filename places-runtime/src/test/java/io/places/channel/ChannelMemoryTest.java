package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Clock;
import io.places.message.MessageType;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What channels keep, and for how long. */
class ChannelMemoryTest {
  private static final int PAIRS = 50_000;

  @Test
  void droppedPairsThatReferenceEachOtherLeaveNoMemoryBehind() {
    long before = usedAfterCollection();
    List<WeakReference<Object>> dropped = new ArrayList<>();
    makeAndDrop(dropped);

    long after = usedAfterCollection();
    assertThat(dropped).allSatisfy(reference -> assertThat(reference.get()).isNull());
    assertThat(after - before).as("bytes left behind").isLessThan(4 << 20);
  }

  private static void makeAndDrop(List<WeakReference<Object>> dropped) {
    var endType = new ChannelEndType<>(MessageType.of(String.class), MessageType.of(String.class));
    for (int i = 0; i < PAIRS / 2; i++) {
      var strings = PlaceChannel.pair(String.class, String.class);
      var ends = LocalChannel.pair(endType, endType, Clock.system(), "b", "a");
      ends.first().put(strings.second()); // each is held by a message of the other's pair
      ends.second().put(strings.first());
      strings.first().put("x".repeat(100));
      if (i % 500 == 0) {
        dropped.add(new WeakReference<>(strings.first()));
        dropped.add(new WeakReference<>(ends.second()));
      }
    }
  }

  @Test
  void aPairThatWasUsedAndIsEmptyIsSmall() {
    List<Object> kept = new ArrayList<>();
    int pairs = 20_000;
    long before = usedAfterCollection();
    for (int i = 0; i < pairs; i++) {
      var pair = PlaceChannel.pair(String.class, String.class);
      pair.first().put("there");
      pair.second().put(pair.second().get());
      pair.first().get();
      kept.add(pair);
    }
    long bytes = (usedAfterCollection() - before) / pairs;

    assertThat(kept).hasSize(pairs);
    assertThat(bytes).as("bytes of a pair").isLessThan(1_200);
  }

  private static long usedAfterCollection() {
    var runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
