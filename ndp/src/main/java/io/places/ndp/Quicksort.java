package io.places.ndp;

import java.util.Arrays;
import java.util.List;

/*
 * Hoare's quicksort in the form of the dissertation (4.3.4): less, equal, greater. The pivot is the median of medians of
 * nine elements spread over the array (Tukey's ninther), so inputs in some order do no harm; and should the parts be
 * unequal all the same, that costs time, not a stack.
 */
/**
 * Quicksort of longs by comparisons, for sorting in several processes: {@code group.solve(numbers,
 * Quicksort.class)}. Small parts are sorted by {@link Arrays#sort(long[])}. In one process {@link Ndp#sort(long[])} is
 * quicker by far.
 */
public final class Quicksort implements DivideAndConquer<long[], long[]> {
  /** Numbers that are not worth splitting. */
  static final int SMALL = 1 << 16;

  /** What one thread takes for a number, as measured at ten million: corrected by what parts are seen to take. */
  private static final double NANOS = 70;

  @Override
  public boolean isSmall(long[] numbers) {
    return numbers.length <= SMALL || LongSort.isSorted(numbers);
  }

  @Override
  public List<long[]> split(long[] numbers) {
    long pivot = ninther(numbers);
    int less = 0;
    int equal = 0;
    for (long each : numbers) {
      less += each < pivot ? 1 : 0;
      equal += each == pivot ? 1 : 0;
    }
    long[] lt = new long[less];
    long[] eq = new long[equal];
    long[] gt = new long[numbers.length - less - equal];
    Arrays.fill(eq, pivot);
    int l = 0;
    int g = 0;
    for (long each : numbers) {
      if (each < pivot) {
        lt[l++] = each;
      } else if (each > pivot) {
        gt[g++] = each;
      }
    }
    return List.of(lt, eq, gt);
  }

  private static long ninther(long[] numbers) {
    int step = numbers.length / 9;
    long[] medians = new long[3];
    for (int i = 0; i < 3; i++) {
      int at = (3 * i + 1) * step;
      medians[i] = median(numbers[at - step], numbers[at], numbers[at + step]);
    }
    return median(medians[0], medians[1], medians[2]);
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  @Override
  public long[] solve(long[] numbers) {
    long[] sorted = numbers.clone(); // the whole, if it is small, is the caller's
    Arrays.sort(sorted);
    return sorted;
  }

  @Override
  public long[] combine(long[] numbers, List<long[]> parts) {
    long[] all = new long[numbers.length];
    int at = 0;
    for (long[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @Override
  public double work(long[] numbers) {
    return NANOS * numbers.length;
  }
}
