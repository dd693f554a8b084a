package io.places.peers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Sorts records of 100 bytes by their first ten by hand: both files mapped, an index of the first five bytes of
 * each key with its record, two threads. At most 16,777,216 records.
 */
final class FloorSort {
  private static final int RECORD = 100;
  private static final ValueLayout.OfLong EIGHT =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int INDEX_BITS = 24;
  private static final long INDEX = (1L << INDEX_BITS) - 1;

  private FloorSort() {}

  /** Arguments: input, output. */
  public static void main(String[] arguments) throws Exception {
    try (Arena arena = Arena.ofShared();
        FileChannel from = FileChannel.open(Path.of(arguments[0]));
        FileChannel to =
            FileChannel.open(
                Path.of(arguments[1]),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MemorySegment in = from.map(FileChannel.MapMode.READ_ONLY, 0, from.size(), arena);
      MemorySegment out = to.map(FileChannel.MapMode.READ_WRITE, 0, from.size(), arena);
      int records = Math.toIntExact(from.size() / RECORD);
      long[] order = new long[records];
      both(records, (begin, end) -> {
        for (int i = begin; i < end; i++) {
          order[i] = in.get(EIGHT, (long) i * RECORD) & ~INDEX | i;
        }
      });
      Arrays.parallelSort(order);
      sortEqualOnes(in, order);
      both(records, (begin, end) -> {
        for (int i = begin; i < end; i++) {
          MemorySegment.copy(in, (order[i] & INDEX) * RECORD, out, (long) i * RECORD, RECORD);
        }
      });
    }
  }

  private interface Part {
    void run(int begin, int end);
  }

  private static void both(int records, Part part) {
    CompletableFuture<Void> second = CompletableFuture.runAsync(() -> part.run(records / 2, records));
    part.run(0, records / 2);
    second.join();
  }

  /** Sorts by the rest of the keys what the index leaves equal. */
  private static void sortEqualOnes(MemorySegment in, long[] order) {
    int end;
    for (int begin = 0; begin < order.length; begin = end) {
      end = begin + 1;
      while (end < order.length && (order[begin] ^ order[end]) >>> INDEX_BITS == 0) {
        end++;
      }
      for (int i = begin + 1; i < end; i++) { // few
        long moved = order[i];
        int at = i;
        while (at > begin && compare(in, order[at - 1], moved) > 0) {
          order[at] = order[at - 1];
          at--;
        }
        order[at] = moved;
      }
    }
  }

  private static int compare(MemorySegment in, long left, long right) {
    long leftAt = (left & INDEX) * RECORD;
    long rightAt = (right & INDEX) * RECORD;
    int first = Long.compareUnsigned(in.get(EIGHT, leftAt), in.get(EIGHT, rightAt));
    return first != 0
        ? first
        : Long.compareUnsigned(in.get(EIGHT, leftAt + 2), in.get(EIGHT, rightAt + 2));
  }
}
