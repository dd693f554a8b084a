package io.places.ndp.bench;

import java.util.Arrays;
import java.util.concurrent.RecursiveAction;

/** What one writes with the JDK alone: quicksort in place, whose leaves are the library's. */
final class ForkJoinQuicksort extends RecursiveAction {
  private static final long serialVersionUID = 1L;
  private static final int SMALL = 1 << 14;

  @SuppressWarnings("serial") // never serialized
  private final long[] array;

  private final int from;
  private final int to;

  ForkJoinQuicksort(long[] array, int from, int to) {
    this.array = array;
    this.from = from;
    this.to = to;
  }

  @Override
  protected void compute() {
    if (to - from <= SMALL) {
      Arrays.sort(array, from, to);
      return;
    }
    long a = array[from];
    long b = array[(from + to) >>> 1];
    long c = array[to - 1];
    long pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    int i = from;
    int j = to - 1;
    while (i <= j) {
      while (array[i] < pivot) {
        i++;
      }
      while (array[j] > pivot) {
        j--;
      }
      if (i <= j) {
        long swapped = array[i];
        array[i++] = array[j];
        array[j--] = swapped;
      }
    }
    invokeAll(new ForkJoinQuicksort(array, from, j + 1), new ForkJoinQuicksort(array, i, to));
  }
}
