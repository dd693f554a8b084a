package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a worker's heap is shared out. */
class TaskMemoryTest {
  private static final long MIB = 1 << 20;

  /** What a node lets come by a connection before it is read: see ADR 11. */
  private static long window(long heap) {
    return Math.min(64 * MIB, heap / 8);
  }

  @ParameterizedTest
  @ValueSource(longs = {32, 48, 256, 1_024, 16_384})
  void whatLiesUnreadOfAllReduceTasksTogetherFillsNoConnection(long mebibytes) {
    long heap = mebibytes * MIB;
    for (int tasks = 1; tasks <= 16; tasks++) {
      TaskMemory memory = TaskMemory.of(heap, tasks, Path.of("/no/such/folder"));
      for (int sources = 0; sources <= 32; sources++) {
        long ofEach = memory.unreadOfEach(sources);

        assertThat((long) tasks * sources * ofEach).isLessThanOrEqualTo(window(heap) / 2);
        assertThat(ofEach).isBetween(1L, (long) PlaceChannel.CREDIT_BYTES);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void fewWorkersWithUsualHeapsFetchAsMuchAtOnceAsAChannelLets(int workers) {
    TaskMemory memory = TaskMemory.of(512 * MIB, 1, Path.of("/no/such/folder"));

    assertThat(memory.unreadOfEach(workers)).isEqualTo(PlaceChannel.CREDIT_BYTES);
  }
}
