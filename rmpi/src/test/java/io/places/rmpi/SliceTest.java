package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a slice refuses, and one that is larger than any array. */
class SliceTest {
  @Test
  void aSliceOfMemoryMayHaveMoreElementsThanAnArray(@TempDir Path folder) throws IOException {
    long size = (3L << 30) + 8; // of a file without content: nothing of it takes room
    try (Arena arena = Arena.ofShared();
        FileChannel file =
            FileChannel.open(
                folder.resolve("large"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MemorySegment memory = file.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
      Slice all = Slice.of(memory, ElementType.BYTE);
      memory.set(ValueLayout.JAVA_BYTE, size - 1, (byte) 7);

      assertThat(all.elements()).isEqualTo(size);
      assertThat((byte[]) all.slice(size - 9, 5, 2).toArray()).containsExactly(0, 0, 0, 0, 7);
      Slice.of(new byte[] {1, 2}).copyTo(all.slice(size - 2, 2));
      assertThat(memory.get(ValueLayout.JAVA_BYTE, size - 1)).isEqualTo((byte) 2);
      assertThatThrownBy(all::count)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a slice of " + size + " elements");
      assertThatThrownBy(() -> all.slice(1, 2, Long.MAX_VALUE))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSubarrayLiesWithinTheWhole() {
    Slice grid = Slice.of(new double[12]);

    assertThatThrownBy(() -> grid.subarray(new int[] {3, 4}, new int[] {1, 2}, new int[] {2, 3}))
        .hasMessage("dimension 1 of a subarray has 3 elements from 2 on; the size there is 4");
    assertThatThrownBy(() -> grid.subarray(new int[] {3, 5}, new int[] {0, 0}, new int[] {1, 1}))
        .hasMessage("an array of sizes [3, 5] has 15 elements; the slice has 12");
    assertThatThrownBy(() -> grid.subarray(new int[] {3, 4}, new int[] {0}, new int[] {1, 1}))
        .hasMessageContaining("for each dimension, not 2, 1 and 2 of them");
    assertThatThrownBy(
            () -> grid.slice(0, 6, 2).subarray(new int[] {2, 3}, new int[] {0, 0}, new int[] {1, 1}))
        .hasMessage("a subarray is one of elements that lie together");
    assertThat(grid.subarray(new int[] {3, 4}, new int[] {0, 0}, new int[] {0, 4}).count()).isZero();
  }
}
