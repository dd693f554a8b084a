package io.places.ndp;

import java.util.Arrays;

/*
 * First what needs no sorting: an array of few runs, up or down, is left to the JDK's sort, which merges them. A
 * random array is found out within some hundred elements, so that costs nothing.
 *
 * Else a radix sort from the most significant digit. The elements of a range are distributed by the 11 bits below
 * the highest bit in which they differ: a range of numbers that have much in common spends no pass on that. All
 * threads distribute together; each has a stretch of the array, and a place in each bucket, so that nobody waits
 * for anybody. Then the buckets are the threads' to sort, one at a time.
 *
 * A bucket that fits a core's cache is sorted from the least significant digit, but only by its highest 24
 * differing bits: what is still in disorder is then next to each other, and mostly nothing is. Groups that agree
 * in all 24 bits are sorted by the JDK's sort, so numbers made to have such groups cost what they cost there. A
 * larger bucket is distributed again.
 *
 * Distribution is from one array to another. `a` is the caller's, `b` of the same size; a range of elements that
 * are in `b` has to end in `a`.
 *
 * Numbers are compared as signed: all have the highest bit flipped where their bits are looked at, which matters
 * only where the highest bit differs.
 */
/** Sorts longs. */
final class LongSort {
  /** What one thread takes for a number, as measured at ten million. */
  static final double NANOS = 15;

  /** Below, nothing is gained by more than the JDK's sort. */
  static final int SMALL = 1 << 13;

  /** What is distributed at once by all threads: smaller ranges are one thread's. */
  private static final int SHARED = 1 << 17;

  /** Elements that fit a core's second cache, with as many to move them to. */
  private static final int CACHED = 1 << 15;

  /** Below, the JDK's sort is as quick. */
  private static final int TINY = 192;

  /** As many runs as are worth merging. */
  static final int MOST_RUNS = 64;

  private static final int DIGIT = 11;
  private static final int BUCKETS = 1 << DIGIT;

  /** Bits by which a bucket in the cache is sorted, in three digits. */
  private static final int NEAR = 24;

  private static final int NEAR_DIGIT = 8;
  private static final int NEAR_BUCKETS = 1 << NEAR_DIGIT;

  private final long[] a;
  private final long[] b;
  private final Crew crew;

  private LongSort(long[] a, long[] b, Crew crew) {
    this.a = a;
    this.b = b;
    this.crew = crew;
  }

  /** Sorts a range, with as much memory again as it takes. */
  static void sort(long[] array, int from, int to, Crew crew) {
    if (to - from < SMALL) {
      Arrays.sort(array, from, to);
      return;
    }
    if (sortRuns(array, from, to)) {
      return;
    }
    if (from == 0 && to == array.length) {
      new LongSort(array, new long[to], crew).sortAll(to);
      return;
    }
    long[] copy = Arrays.copyOfRange(array, from, to);
    new LongSort(copy, new long[copy.length], crew).sortAll(copy.length);
    System.arraycopy(copy, 0, array, from, copy.length);
  }

  /** Sorts an array if it is so few runs, up or down, that merging them is the quickest; answers whether it is. */
  static boolean sortRuns(long[] array) {
    return sortRuns(array, 0, array.length);
  }

  /** Whether an array is one run up. */
  static boolean isSorted(long[] array) {
    for (int i = 1; i < array.length; i++) {
      if (array[i] < array[i - 1]) {
        return false;
      }
    }
    return true;
  }

  private static boolean sortRuns(long[] array, int from, int to) {
    int runs = runs(array, from, to);
    if (runs > MOST_RUNS) {
      return false;
    }
    if (runs > 1) {
      Arrays.sort(array, from, to);
    } else if (array[from] > array[to - 1]) {
      for (int left = from, right = to - 1; left < right; left++, right--) {
        long swapped = array[left];
        array[left] = array[right];
        array[right] = swapped;
      }
    }
    return true;
  }

  /**
   * How many runs there are, counted until they are too many. Those that go up may have equal elements in them; those
   * that go down have none.
   */
  private static int runs(long[] array, int from, int to) {
    int runs = 0;
    int at = from;
    while (at < to && ++runs <= MOST_RUNS) {
      long last = array[at++];
      if (at < to && array[at] < last) {
        while (at < to && array[at] < last) {
          last = array[at++];
        }
      } else {
        while (at < to && array[at] >= last) {
          last = array[at++];
        }
      }
    }
    return runs;
  }

  private void sortAll(int size) {
    int threads = size >= SHARED ? crew.size() : 1;
    long[] different = new long[threads];
    long first = a[0];
    crew.each(
        threads,
        part -> different[part] = different(a, first, start(size, part, threads), start(size, part + 1, threads)));
    long all = 0;
    for (long each : different) {
      all |= each;
    }
    if (all == 0) {
      return;
    }
    int shift = shift(all);
    int[][] counts = new int[threads][];
    crew.each(
        threads,
        part ->
            counts[part] =
                counted(a, start(size, part, threads), start(size, part + 1, threads), shift));
    int[] starts = new int[BUCKETS + 1];
    int next = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      starts[bucket] = next;
      for (int[] each : counts) {
        int count = each[bucket];
        each[bucket] = next;
        next += count;
      }
    }
    starts[BUCKETS] = next;
    crew.each(
        threads,
        part ->
            distribute(
                a, b, start(size, part, threads), start(size, part + 1, threads), shift, counts[part]));
    crew.shared(BUCKETS, bucket -> sortFromB(starts[bucket], starts[bucket + 1]));
  }

  private static int start(int size, int part, int parts) {
    return (int) ((long) size * part / parts);
  }

  /** The bits in which elements of a range differ from a number. */
  private static long different(long[] array, long first, int from, int to) {
    long different = 0;
    for (int i = from; i < to; i++) {
      different |= array[i] ^ first;
    }
    return different;
  }

  /** How far the digit is from the right that begins with the highest of some bits. */
  private static int shift(long different) {
    return Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(different) - DIGIT);
  }

  private static int bucket(long element, int shift) {
    return (int) ((element ^ Long.MIN_VALUE) >>> shift) & (BUCKETS - 1);
  }

  private static int[] counted(long[] array, int from, int to, int shift) {
    int[] counts = new int[BUCKETS];
    for (int i = from; i < to; i++) {
      counts[bucket(array[i], shift)]++;
    }
    return counts;
  }

  private static void distribute(
      long[] source, long[] target, int from, int to, int shift, int[] next) {
    for (int i = from; i < to; i++) {
      long element = source[i];
      target[next[bucket(element, shift)]++] = element;
    }
  }

  /** Sorts elements that are in `b` into `a`. */
  private void sortFromB(int from, int to) {
    int size = to - from;
    if (size <= TINY) {
      System.arraycopy(b, from, a, from, size);
      Arrays.sort(a, from, to);
      return;
    }
    long different = different(b, b[from], from, to);
    if (different == 0) {
      System.arraycopy(b, from, a, from, size);
    } else if (size <= CACHED) {
      sortNear(from, to, different);
    } else {
      int shift = shift(different);
      int[] starts = distributed(b, a, from, to, shift);
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        sortFromA(starts[bucket], starts[bucket + 1]);
      }
    }
  }

  /** Sorts elements that are in `a`. */
  private void sortFromA(int from, int to) {
    int size = to - from;
    if (size <= TINY) {
      Arrays.sort(a, from, to);
      return;
    }
    long different = different(a, a[from], from, to);
    if (different == 0) {
      return;
    }
    if (size <= CACHED) {
      System.arraycopy(a, from, b, from, size);
      sortNear(from, to, different);
      return;
    }
    int[] starts = distributed(a, b, from, to, shift(different));
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      sortFromB(starts[bucket], starts[bucket + 1]);
    }
  }

  /** Distributes a range, and says where the buckets begin. */
  private static int[] distributed(long[] source, long[] target, int from, int to, int shift) {
    int[] counts = counted(source, from, to, shift);
    int[] starts = new int[BUCKETS + 1];
    int next = from;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      int count = counts[bucket];
      starts[bucket] = next;
      counts[bucket] = next;
      next += count;
    }
    starts[BUCKETS] = next;
    distribute(source, target, from, to, shift, counts);
    return starts;
  }

  /** Sorts elements that are in `b` into `a`: by three digits, so that they end there. */
  private void sortNear(int from, int to, long different) {
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(different) - NEAR);
    int[] counts = new int[3 * NEAR_BUCKETS];
    for (int i = from; i < to; i++) {
      int digits = near(b[i], shift);
      counts[digits & 0xFF]++;
      counts[NEAR_BUCKETS + (digits >>> 8 & 0xFF)]++;
      counts[2 * NEAR_BUCKETS + (digits >>> 16 & 0xFF)]++;
    }
    for (int pass = 0; pass < 3; pass++) {
      int next = from;
      for (int i = pass * NEAR_BUCKETS; i < (pass + 1) * NEAR_BUCKETS; i++) {
        int count = counts[i];
        counts[i] = next;
        next += count;
      }
    }
    pass(b, a, from, to, shift, 0, counts);
    pass(a, b, from, to, shift, 8, counts);
    pass(b, a, from, to, shift, 16, counts);
    if (shift > 0) {
      sortGroups(from, to, shift);
    }
  }

  private static int near(long element, int shift) {
    return (int) ((element ^ Long.MIN_VALUE) >>> shift);
  }

  private static void pass(
      long[] source, long[] target, int from, int to, int shift, int digit, int[] next) {
    int counters = digit / NEAR_DIGIT * NEAR_BUCKETS;
    for (int i = from; i < to; i++) {
      long element = source[i];
      target[next[counters + (near(element, shift) >>> digit & 0xFF)]++] = element;
    }
  }

  /** Sorts what agrees in all bits from one on. */
  private void sortGroups(int from, int to, int shift) {
    int start = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || (a[i] ^ a[start]) >>> shift != 0) {
        if (i - start == 2) {
          long first = a[start];
          if (first > a[start + 1]) {
            a[start] = a[start + 1];
            a[start + 1] = first;
          }
        } else if (i - start > 2) {
          Arrays.sort(a, start, i);
        }
        start = i;
      }
    }
  }
}
