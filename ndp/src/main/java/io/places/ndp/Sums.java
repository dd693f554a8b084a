package io.places.ndp;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/*
 * A segmented reduction (Blelloch, "Scans as primitive parallel operations", IEEE ToC 38(11), 1989). The elements are
 * cut into blocks, wherever segments begin. Each block adds up what it has of the segments; a segment that it has all
 * of is done. What it has of its first and of its last segment is added to the other blocks' shares afterwards, in
 * their order. Blocks do not depend on the number of threads, and so neither does the order of additions.
 */
/** Sums of segments. */
final class Sums {
  private static final int BLOCK = 1 << 15;

  private final int[] starts;
  private final IntToDoubleFunction element;
  private final int all;
  private final double[] sums;

  /** By block: its share of the segment that it begins in, if that began before. */
  private final double[] heads;

  /** By block: its share of the segment that goes on behind it. */
  private final double[] tails;

  Sums(int[] starts, IntToDoubleFunction element) {
    if (starts.length == 0 || starts[0] != 0) {
      throw new IllegalArgumentException(
          starts.length == 0 ? "there are no starts: the first is 0" : "the first start is %d, not 0".formatted(starts[0]));
    }
    for (int i = 1; i < starts.length; i++) {
      if (starts[i] < starts[i - 1]) {
        throw new IllegalArgumentException(
            "start %d is %d, after %d: starts ascend".formatted(i, starts[i], starts[i - 1]));
      }
    }
    this.starts = starts.clone();
    this.element = element;
    this.all = starts[starts.length - 1];
    this.sums = new double[starts.length - 1];
    int blocks = Math.ceilDiv(all, BLOCK);
    this.heads = new double[blocks];
    this.tails = new double[blocks];
  }

  double[] add(Crew crew) {
    crew.shared(heads.length, this::addBlock);
    for (int block = 0; block < heads.length; block++) {
      int from = block * BLOCK;
      int to = Math.min(all, from + BLOCK);
      int first = segmentOf(from);
      if (starts[first] < from) {
        sums[first] += heads[block];
      }
      int last = segmentOf(to - 1);
      if (starts[last + 1] > to && starts[last] >= from) {
        sums[last] += tails[block];
      }
    }
    return sums;
  }

  private void addBlock(int block) {
    int from = block * BLOCK;
    int to = Math.min(all, from + BLOCK);
    int segment = segmentOf(from);
    int at = from;
    while (at < to) {
      while (starts[segment + 1] <= at) {
        segment++;
      }
      int end = Math.min(to, starts[segment + 1]);
      double sum = 0;
      for (int i = at; i < end; i++) {
        sum += element.applyAsDouble(i);
      }
      if (starts[segment] < from) {
        heads[block] = sum;
      } else if (starts[segment + 1] > to) {
        tails[block] = sum;
      } else {
        sums[segment] = sum;
      }
      at = end;
    }
  }

  /** The segment that an element is in. */
  private int segmentOf(int at) {
    int found = Arrays.binarySearch(starts, at);
    int segment = found >= 0 ? found : -found - 2;
    while (starts[segment + 1] <= at) { // empty ones begin there, too
      segment++;
    }
    return segment;
  }
}
