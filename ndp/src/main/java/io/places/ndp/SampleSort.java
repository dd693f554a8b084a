package io.places.ndp;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Comparator;

/*
 * After Sanders and Winkel, "Super scalar sample sort" (ESA 2004), made stable. Elements are distributed into buckets
 * by splitters, which are quantiles of a sample: a search through the splitters, which stay in the cache, takes as many
 * comparisons as the merges that it saves, but looks at each object once, in the order in which they lie in the array.
 * A merge of large stretches looks at objects wherever they are, and waits for each.
 *
 * All threads distribute, each a stretch of the array and in its order; then buckets are the threads' to sort, by the
 * JDK's stable sort. If a key is so frequent that it is two splitters, elements that are equal to a splitter get
 * buckets of their own, which need no sorting.
 *
 * Arrays that are a few runs are left to the JDK's sort, which merges them.
 */
/** Sorts objects, stably. */
final class SampleSort<T> {
  private static final int SMALL = 1 << 13;
  private static final int LEAST_BUCKETS = 16; // so that each thread has several
  private static final int MOST_BUCKETS = 256;

  /** Elements of a bucket that fit a core's second cache, with the objects. */
  private static final int CACHED = 1 << 13;

  private static final int SAMPLE_FOR_EACH = 16;
  private static final int MOST_RUNS = 16;

  private final T[] array;
  private final Comparator<? super T> order;
  private final Crew crew;
  private final int buckets;
  private final T[] splitters; // a heap: the children of i are 2 i and 2 i + 1, from 1 on
  private final T[] sorted; // of the splitters
  private final boolean withEqual;

  private SampleSort(T[] array, Comparator<? super T> order, Crew crew) {
    this.array = array;
    this.order = order;
    this.crew = crew;
    this.buckets =
        Math.clamp(Integer.highestOneBit(array.length / CACHED) << 1, LEAST_BUCKETS, MOST_BUCKETS);
    this.sorted = sample();
    this.splitters = empty(buckets);
    fill(1, 0, buckets - 1);
    this.withEqual = hasEqualSplitters();
  }

  static <T> void sort(T[] array, Comparator<? super T> order, Crew crew) {
    if (array.length < SMALL || isFewRuns(array, order)) {
      Arrays.sort(array, order);
    } else {
      new SampleSort<>(array, order, crew).sort();
    }
  }

  private static <T> boolean isFewRuns(T[] array, Comparator<? super T> order) {
    int runs = 0;
    int at = 0;
    while (at < array.length) {
      if (++runs > MOST_RUNS) {
        return false;
      }
      at++;
      if (at < array.length && order.compare(array[at - 1], array[at]) > 0) {
        while (at < array.length && order.compare(array[at - 1], array[at]) > 0) {
          at++;
        }
      } else {
        while (at < array.length && order.compare(array[at - 1], array[at]) <= 0) {
          at++;
        }
      }
    }
    return true;
  }

  @SuppressWarnings("unchecked") // of the array's own type
  private T[] empty(int size) {
    return (T[]) Array.newInstance(array.getClass().getComponentType(), size);
  }

  /** The splitters in order: one less than buckets. */
  private T[] sample() {
    int size = buckets * SAMPLE_FOR_EACH;
    T[] sample = empty(size);
    for (int i = 0; i < size; i++) {
      sample[i] = array[(int) (((long) array.length * (2 * i + 1)) / (2L * size))];
    }
    Arrays.sort(sample, order);
    T[] chosen = empty(buckets - 1);
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = sample[(i + 1) * SAMPLE_FOR_EACH];
    }
    return chosen;
  }

  /** Puts the splitters from one to another below a place of the heap. */
  private void fill(int place, int from, int to) {
    if (place < buckets) {
      int middle = (from + to) >>> 1;
      splitters[place] = sorted[middle];
      fill(2 * place, from, middle);
      fill(2 * place + 1, middle + 1, to);
    }
  }

  private boolean hasEqualSplitters() {
    for (int i = 1; i < sorted.length; i++) {
      if (order.compare(sorted[i - 1], sorted[i]) == 0) {
        return true;
      }
    }
    return false;
  }

  private void sort() {
    int size = array.length;
    int threads = crew.size();
    char[] places = new char[size];
    int[][] counts = new int[threads][];
    crew.each(
        threads,
        part -> counts[part] = place(start(size, part, threads), start(size, part + 1, threads), places));
    int[] starts = new int[2 * buckets + 1];
    int next = 0;
    for (int bucket = 0; bucket < 2 * buckets; bucket++) {
      starts[bucket] = next;
      for (int[] each : counts) {
        int count = each[bucket];
        each[bucket] = next;
        next += count;
      }
    }
    starts[2 * buckets] = next;
    T[] distributed = empty(size);
    crew.each(
        threads,
        part -> {
          int[] to = counts[part];
          for (int i = start(size, part, threads); i < start(size, part + 1, threads); i++) {
            distributed[to[places[i]]++] = array[i];
          }
        });
    crew.shared(
        2 * buckets,
        bucket -> {
          int from = starts[bucket];
          int to = starts[bucket + 1];
          System.arraycopy(distributed, from, array, from, to - from);
          if (bucket % 2 == 1) {
            Arrays.sort(array, from, to, order);
          }
        });
  }

  private static int start(int size, int part, int parts) {
    return (int) ((long) size * part / parts);
  }

  /** Finds the bucket of each element of a stretch: 2 i if it is equal to splitter i, else 2 i + 1. Counts them. */
  private int[] place(int from, int to, char[] places) {
    int[] counts = new int[2 * buckets];
    for (int i = from; i < to; i++) {
      T element = array[i];
      int at = 1;
      while (at < buckets) {
        at = 2 * at + (order.compare(splitters[at], element) <= 0 ? 1 : 0);
      }
      int bucket = at - buckets; // as many splitters are not greater
      int place = 2 * bucket + 1;
      if (withEqual && bucket > 0 && order.compare(sorted[bucket - 1], element) == 0) {
        place--;
      }
      places[i] = (char) place;
      counts[place]++;
    }
    return counts;
  }
}
