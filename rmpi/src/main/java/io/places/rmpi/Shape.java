package io.places.rmpi;

import java.math.BigInteger;
import java.util.Arrays;

/** Where the elements of a part of a matrix, or of an array of more dimensions, lie: the last index runs fastest. */
final class Shape {
  private final int[] counts; // of the part
  private final long[] strides; // from one index to the next
  private final long first;
  private final long inner; // elements that lie together

  private Shape(int[] counts, long[] strides, long first, long inner) {
    this.counts = counts;
    this.strides = strides;
    this.first = first;
    this.inner = inner;
  }

  /**
   * A part of {@code available} elements that lie together from {@code offset} on.
   *
   * @throws IllegalArgumentException if it does not lie within the whole, or that has another size
   */
  static Shape of(long available, long offset, int[] sizes, int[] starts, int[] counts) {
    int dimensions = sizes.length;
    if (dimensions == 0 || starts.length != dimensions || counts.length != dimensions) {
      throw new IllegalArgumentException(
          "a subarray needs a size, a start and a count for each dimension, not %d, %d and %d of them"
              .formatted(dimensions, starts.length, counts.length));
    }
    long[] strides = new long[dimensions];
    requireSize(available, sizes);
    long stride = 1;
    long first = offset;
    for (int i = dimensions - 1; i >= 0; i--) {
      if (starts[i] < 0 || counts[i] < 0 || (long) starts[i] + counts[i] > sizes[i]) {
        throw new IllegalArgumentException(
            "dimension %d of a subarray has %d elements from %d on; the size there is %d"
                .formatted(i, counts[i], starts[i], sizes[i]));
      }
      strides[i] = stride;
      first += starts[i] * stride;
      stride *= sizes[i];
    }
    long inner = 1;
    for (int i = dimensions - 1; i >= 0; i--) {
      inner *= counts[i];
      if (counts[i] < sizes[i]) {
        break; // the rows before lie apart
      }
    }
    return new Shape(counts.clone(), strides, first, inner);
  }

  private static void requireSize(long available, int[] sizes) {
    BigInteger all = Arrays.stream(sizes).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    if (!all.equals(BigInteger.valueOf(available))) {
      throw new IllegalArgumentException(
          "an array of sizes %s has %d elements; the slice has %d"
              .formatted(Arrays.toString(sizes), all, available));
    }
  }

  long count() {
    long count = 1;
    for (int each : counts) {
      count *= each;
    }
    return count;
  }

  /** Where an element lies, numbered in the order of the part. */
  long place(long number) {
    long place = first;
    long left = number;
    for (int i = counts.length - 1; i > 0; i--) {
      place += left % counts[i] * strides[i];
      left /= counts[i];
    }
    return place + left * strides[0];
  }

  /** How many elements lie together from that one on. */
  long run(long number) {
    return inner - number % inner;
  }
}
