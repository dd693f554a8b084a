package io.places.ndp;

import java.util.Arrays;

/*
 * Other numbers are sorted as longs that are in the same order. A double's bits are, read as a signed number, in
 * the order of positive doubles; those of negative ones are turned over. NaNs have bits beyond the infinities, on
 * both sides: they are put at the end beforehand.
 */
/** Sorts numbers that are not longs, as {@link Arrays#sort(double[])} and its like do. */
final class Numbers {
  private Numbers() {}

  static void sort(double[] array, Crew crew) {
    sort(array, (keys, numbers) -> LongSort.sort(keys, 0, numbers, crew));
  }

  /** Sorts the first longs of an array. */
  interface SortOfLongs {
    void sort(long[] array, int size);
  }

  /** Sorts by a sort of longs, unless there are so few runs or numbers that the JDK's sort is quick. */
  static void sort(double[] array, SortOfLongs longs) {
    int size = array.length;
    if (size < LongSort.SMALL || hasFewRuns(array)) {
      Arrays.sort(array);
      return;
    }
    long[] keys = new long[size];
    int numbers = 0;
    int last = size;
    for (double each : array) {
      if (Double.isNaN(each)) {
        keys[--last] = Double.doubleToRawLongBits(each);
      } else {
        keys[numbers++] = turned(Double.doubleToRawLongBits(each));
      }
    }
    longs.sort(keys, numbers);
    for (int i = 0; i < numbers; i++) {
      array[i] = Double.longBitsToDouble(turned(keys[i]));
    }
    for (int i = numbers; i < size; i++) {
      array[i] = Double.longBitsToDouble(keys[i]);
    }
  }

  private static long turned(long bits) {
    return bits ^ (bits >> (Long.SIZE - 1) & Long.MAX_VALUE);
  }

  static void sort(int[] array, Crew crew) {
    int size = array.length;
    if (size < LongSort.SMALL || hasFewRuns(array)) {
      Arrays.sort(array);
      return;
    }
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = array[i];
    }
    LongSort.sort(keys, 0, size, crew);
    for (int i = 0; i < size; i++) {
      array[i] = (int) keys[i];
    }
  }

  /** A guess from its beginning, which random numbers do not pass. */
  private static boolean hasFewRuns(double[] array) {
    int turns = 0;
    for (int i = 2; i < array.length; i++) {
      if (array[i - 1] < array[i - 2] != array[i] < array[i - 1] && ++turns > LongSort.MOST_RUNS) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasFewRuns(int[] array) {
    int turns = 0;
    for (int i = 2; i < array.length; i++) {
      if (array[i - 1] < array[i - 2] != array[i] < array[i - 1] && ++turns > LongSort.MOST_RUNS) {
        return false;
      }
    }
    return true;
  }
}
