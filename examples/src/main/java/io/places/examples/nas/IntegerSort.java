package io.places.examples.nas;

import io.places.rmpi.ArrayOp;
import io.places.rmpi.Comm;
import io.places.rmpi.RmpiFunction;
import io.places.rmpi.Slice;
import java.util.Arrays;

/*
 * Keys are sorted by their ranks: how many keys are less. Each rank of the job counts its keys by their upper
 * bits; the counts of all say which buckets each rank takes, so that all have about as many keys; the keys go
 * there, and are counted.
 */
/** NAS IS: ranks integers with a known distribution, ten times. */
public final class IntegerSort implements RmpiFunction<NasResult> {
  private static final long SEED = 314_159_265;
  private static final int ITERATIONS = 10;

  /** The compiler takes its time, and a processor. */
  private static final int UNTIMED = 3;

  /** The sizes, and what is known of the ranks of five keys. */
  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to the arrays
  private enum Size {
    S(16, 11, 9, new int[] {48_427, 17_148, 23_627, 62_548, 4_431},
        new int[] {0, 18, 346, 64_917, 65_463}, 3, 0, 0),
    W(20, 16, 10, new int[] {357_773, 934_767, 875_723, 898_999, 404_505},
        new int[] {1_249, 11_698, 1_039_987, 1_043_896, 1_048_018}, 2, -2, 0),
    A(23, 19, 10, new int[] {2_112_377, 662_041, 5_336_171, 3_642_833, 4_250_760},
        new int[] {104, 17_523, 123_928, 8_288_932, 8_388_264}, 3, -1, -1);

    final int keys;
    final int maxKey;
    final int buckets;
    final int bucketShift;
    final int[] testIndex;
    final int[] testRank;
    final int rising; // so many of the tested ranks rise with the iteration, the others fall
    final int risingFrom;
    final int fallingFrom;

    Size(
        int logKeys,
        int logMaxKey,
        int logBuckets,
        int[] testIndex,
        int[] testRank,
        int rising,
        int risingFrom,
        int fallingFrom) {
      this.keys = 1 << logKeys;
      this.maxKey = 1 << logMaxKey;
      this.buckets = 1 << logBuckets;
      this.bucketShift = logMaxKey - logBuckets;
      this.testIndex = testIndex;
      this.testRank = testRank;
      this.rising = rising;
      this.risingFrom = risingFrom;
      this.fallingFrom = fallingFrom;
    }

    int expected(int test, int iteration) {
      return test < rising
          ? testRank[test] + iteration + risingFrom
          : testRank[test] - iteration - fallingFrom;
    }
  }

  /**
   * @param arguments the class: S, W or A
   */
  @Override
  public NasResult call(Comm comm, String[] arguments) {
    Sorting sorting = new Sorting(comm, Size.valueOf(arguments[0]));
    for (int i = 0; i < UNTIMED; i++) {
      sorting.rank(1); // compiles the code
    }
    sorting.passed = 0;
    comm.barrier();
    long start = System.nanoTime();
    for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
      sorting.rank(iteration);
    }
    double seconds = comm.allreduce((System.nanoTime() - start) / 1e9, Math::max);
    int passed = comm.allreduce(sorting.passed, Integer::sum);
    boolean sorted = sorting.isSorted();
    int checks = ITERATIONS * sorting.size.testIndex.length;
    return new NasResult(
        passed == checks && sorted,
        "%d of %d ranks right, %s".formatted(passed, checks, sorted ? "sorted" : "not sorted"),
        seconds,
        (double) ITERATIONS * sorting.size.keys / seconds / 1e6);
  }

  /** The keys of one rank of the job. */
  private static final class Sorting {
    private final Comm comm;
    private final Size size;
    private final int first; // of the keys of all, the index of this rank's first
    private final int[] keys;
    private final int[] byBucket;
    private final int[] totals;
    private int[] got = {};
    private int gotCount;
    private int minKey;
    private int maxKey; // exclusive
    private int[] less = {}; // of those got, how many are less than minKey + i
    private int passed;

    Sorting(Comm comm, Size size) {
      this.comm = comm;
      this.size = size;
      this.first = firstOf(comm.rank());
      this.keys = new int[firstOf(comm.rank() + 1) - first];
      this.byBucket = new int[keys.length];
      this.totals = new int[size.buckets + size.testIndex.length];
      NasRandom random = new NasRandom(SEED).skip(4L * first);
      int quarter = size.maxKey / 4;
      for (int i = 0; i < keys.length; i++) {
        keys[i] = (int) (quarter * (random.next() + random.next() + random.next() + random.next()));
      }
    }

    private int firstOf(int rank) {
      return (int) ((long) size.keys * rank / comm.size());
    }

    private void change(int index, int key) {
      if (index >= first && index < first + keys.length) {
        keys[index - first] = key;
      }
    }

    void rank(int iteration) {
      change(iteration, iteration);
      change(iteration + ITERATIONS, size.maxKey - iteration);
      int[] starts = countByBucket();
      int[] tested = Arrays.copyOfRange(totals, size.buckets, totals.length);
      int[] firstBuckets = divide();
      exchange(starts, firstBuckets);
      count();
      int lower = 0;
      for (int bucket = 0; bucket < firstBuckets[comm.rank()]; bucket++) {
        lower += totals[bucket];
      }
      for (int test = 0; test < tested.length; test++) {
        int key = tested[test];
        if (key >= minKey && key < maxKey) {
          passed += lower + less[key - minKey] == size.expected(test, iteration) ? 1 : 0;
        }
      }
    }

    /** Puts the keys together by bucket; afterwards {@code totals} has the counts of all ranks. */
    private int[] countByBucket() {
      Arrays.fill(totals, 0);
      countByBucket(keys, size.bucketShift, totals);
      int[] starts = new int[size.buckets + 1];
      for (int bucket = 0; bucket < size.buckets; bucket++) {
        starts[bucket + 1] = starts[bucket] + totals[bucket];
      }
      deal(keys, size.bucketShift, starts.clone(), byBucket);
      for (int test = 0; test < size.testIndex.length; test++) {
        int index = size.testIndex[test] - first;
        totals[size.buckets + test] = index >= 0 && index < keys.length ? keys[index] : 0;
      }
      comm.allreduce(Slice.of(totals), ArrayOp.SUM);
      return starts;
    }

    private static void countByBucket(int[] keys, int shift, int[] counts) {
      for (int key : keys) {
        counts[key >> shift]++;
      }
    }

    private static void deal(int[] keys, int shift, int[] next, int[] byBucket) {
      for (int key : keys) {
        byBucket[next[key >> shift]++] = key;
      }
    }

    /** The first bucket of each rank, and behind the last. */
    private int[] divide() {
      int[] firsts = new int[comm.size() + 1];
      Arrays.fill(firsts, size.buckets);
      firsts[0] = 0;
      long sum = 0;
      int rank = 1;
      for (int bucket = 0; bucket < size.buckets && rank < comm.size(); bucket++) {
        sum += totals[bucket];
        if (sum * comm.size() >= (long) size.keys * rank) {
          firsts[rank++] = bucket + 1;
        }
      }
      return firsts;
    }

    private void exchange(int[] starts, int[] firstBuckets) {
      int ranks = comm.size();
      int[] outCounts = new int[ranks];
      int[] outOffsets = new int[ranks];
      for (int rank = 0; rank < ranks; rank++) {
        outOffsets[rank] = starts[firstBuckets[rank]];
        outCounts[rank] = starts[firstBuckets[rank + 1]] - outOffsets[rank];
      }
      int[] inCounts = new int[ranks];
      comm.alltoall(Slice.of(outCounts), Slice.of(inCounts));
      int[] inOffsets = new int[ranks];
      gotCount = 0;
      for (int rank = 0; rank < ranks; rank++) {
        inOffsets[rank] = gotCount;
        gotCount += inCounts[rank];
      }
      if (got.length < gotCount) {
        got = new int[gotCount + gotCount / 8];
      }
      comm.alltoallv(
          Slice.of(byBucket), outCounts, outOffsets, Slice.of(got), inCounts, inOffsets);
      minKey = firstBuckets[comm.rank()] << size.bucketShift;
      maxKey = firstBuckets[comm.rank() + 1] << size.bucketShift;
    }

    private void count() {
      int range = maxKey - minKey;
      if (less.length < range + 1) {
        less = new int[range + 1];
      }
      Arrays.fill(less, 0);
      count(got, gotCount, minKey - 1, less);
      for (int i = 1; i <= range; i++) {
        less[i] += less[i - 1];
      }
    }

    private static void count(int[] keys, int number, int below, int[] counts) {
      for (int i = 0; i < number; i++) {
        counts[keys[i] - below]++;
      }
    }

    /** Puts the keys into their order, and looks at that. */
    boolean isSorted() {
      int[] sorted = new int[gotCount];
      int[] next = less.clone();
      for (int i = 0; i < gotCount; i++) {
        sorted[next[got[i] - minKey]++] = got[i];
      }
      boolean inOrder = true;
      for (int i = 1; i < gotCount; i++) {
        inOrder &= sorted[i - 1] <= sorted[i];
      }
      int last = gotCount == 0 ? -1 : sorted[gotCount - 1];
      int before = comm.exscan(last, Math::max).orElse(-1);
      inOrder &= gotCount == 0 || before <= sorted[0];
      return comm.allreduce(inOrder, Boolean::logicalAnd)
          && comm.allreduce(gotCount, Integer::sum) == size.keys;
    }
  }
}
