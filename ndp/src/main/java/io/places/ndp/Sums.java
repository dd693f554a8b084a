package io.places.ndp;

import java.util.Arrays;
import java.util.Objects;
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

  /** So few starts are looked through by one thread. */
  private static final int ALONE = 1 << 14;

  private final int[] starts;
  private final IntToDoubleFunction element;
  private final int all;
  private final double[] sums;

  /** By block: its share of the segment that it begins in, if that began before. */
  private final double[] heads;

  /** By block: its share of the segment that goes on behind it. */
  private final double[] tails;

  Sums(int[] starts, IntToDoubleFunction element) {
    Objects.requireNonNull(starts, "sums: there are no starts");
    Objects.requireNonNull(element, "sums: there is no function that gives an element");
    if (starts.length == 0 || starts[0] != 0) {
      throw new IllegalArgumentException(
          starts.length == 0 ? "there are no starts: the first is 0" : "the first start is %d, not 0".formatted(starts[0]));
    }
    this.starts = starts;
    this.element = element;
    this.all = starts[starts.length - 1];
    this.sums = new double[starts.length - 1];
    int blocks = Math.ceilDiv(Math.max(0, all), BLOCK);
    this.heads = new double[blocks];
    this.tails = new double[blocks];
  }

  double[] add(Crew crew) {
    int stretches = starts.length < ALONE ? 1 : crew.size();
    crew.each(
        stretches,
        part ->
            checkAscending(
                (int) ((long) starts.length * part / stretches),
                (int) ((long) starts.length * (part + 1) / stretches)));
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

  private void checkAscending(int from, int to) {
    for (int i = Math.max(1, from); i < to; i++) {
      if (starts[i] < starts[i - 1]) {
        throw new IllegalArgumentException(
            "start %d is %d, after %d: starts ascend".formatted(i, starts[i], starts[i - 1]));
      }
    }
  }

  private void addBlock(int block) {
    int from = block * BLOCK;
    int to = Math.min(all, from + BLOCK);
    int segment = segmentOf(from);
    int at = from;
    if (starts[segment] < from) {
      at = Math.min(to, starts[segment + 1]);
      heads[block] = sum(from, at);
      segment++;
    }
    for (; segment < sums.length && starts[segment + 1] <= to; segment++) {
      int end = starts[segment + 1];
      sums[segment] = sum(at, end);
      at = end;
    }
    if (at < to) {
      tails[block] = sum(at, to);
    }
  }

  private double sum(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += element.applyAsDouble(i);
    }
    return sum;
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
