package io.places.ndp;

import java.util.Arrays;

/** How a share of numbers is sorted that is not parted any more. */
enum Leaf {
  /** By the JDK's quicksort. */
  COMPARISONS,
  /** As {@link Ndp#sort(long[])} does. */
  BITS;

  /** What the JDK's quicksort takes one thread for a number, as measured at ten million. */
  private static final double NANOS_BY_COMPARISONS = 70;

  void sort(long[] array, int from, int to, Crew crew) {
    switch (this) {
      case BITS -> LongSort.sort(array, from, to, crew);
      case COMPARISONS -> {
        if (crew.size() == 1) {
          Arrays.sort(array, from, to);
        } else {
          Arrays.parallelSort(array, from, to);
        }
      }
    }
  }

  /** What one thread takes for a number. */
  double nanos() {
    return this == BITS ? LongSort.NANOS : NANOS_BY_COMPARISONS;
  }
}
