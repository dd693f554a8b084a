package io.places.mapreduce;

import com.google.protobuf.ByteString;
import io.places.mapreduce.proto.Ranges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Partitions that are ranges of keys, so that all keys of one come before all of the next.
 *
 * @param borders the first group of each partition but the first, encoded, in order
 */
record KeyRanges(List<byte[]> borders) {

  KeyRanges {
    borders = List.copyOf(borders);
  }

  /** Ranges that take about equal shares of the keys, if the sample is like them. */
  static KeyRanges of(List<byte[]> sample, int partitions) {
    List<byte[]> sorted = new ArrayList<>(sample);
    sorted.sort(Arrays::compareUnsigned);
    List<byte[]> borders = new ArrayList<>();
    for (int partition = 1; partition < partitions && !sorted.isEmpty(); partition++) {
      borders.add(sorted.get((int) ((long) sorted.size() * partition / partitions)));
    }
    return new KeyRanges(borders);
  }

  static KeyRanges of(Ranges message) {
    return new KeyRanges(message.getBordersList().stream().map(ByteString::toByteArray).toList());
  }

  Ranges toMessage() {
    return Ranges.newBuilder()
        .addAllBorders(borders.stream().map(ByteString::copyFrom).toList())
        .build();
  }

  /** The number of the last range that begins at or before the key. */
  int of(byte[] bytes, int offset, int length) {
    int from = 0;
    int to = borders.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      byte[] border = borders.get(middle);
      if (Arrays.compareUnsigned(border, 0, border.length, bytes, offset, offset + length) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
