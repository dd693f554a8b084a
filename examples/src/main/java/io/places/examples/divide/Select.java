package io.places.examples.divide;

import io.places.ndp.DivideAndConquer;
import java.util.Arrays;
import java.util.List;

/**
 * The k-th smallest of some numbers, without sorting them all: Hoare's selection, 1961. A problem has one part: the side
 * of the pivot on which the k-th is.
 */
public final class Select implements DivideAndConquer<Select.Wanted, Long> {
  private static final int SMALL = 1 << 12;

  /**
   * The k-th smallest of some numbers is wanted.
   *
   * @param k from 0
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
  public record Wanted(long[] numbers, int k) {
    public Wanted {
      if (k < 0 || k >= numbers.length) {
        throw new IllegalArgumentException(
            "of %d numbers, the %d-th is wanted, counted from 0".formatted(numbers.length, k));
      }
    }

    /** The median; of two in the middle, the lower one. */
    public static Wanted median(long[] numbers) {
      return new Wanted(numbers, (numbers.length - 1) / 2);
    }
  }

  @Override
  public boolean isSmall(Wanted wanted) {
    return wanted.numbers().length <= SMALL;
  }

  @Override
  public List<Wanted> split(Wanted wanted) {
    long[] numbers = wanted.numbers();
    long[] sample = new long[255];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = numbers[(int) ((long) i * numbers.length / sample.length)];
    }
    Arrays.sort(sample);
    long pivot = sample[(int) ((long) wanted.k() * sample.length / numbers.length)];
    long[] less = Arrays.stream(numbers).filter(each -> each < pivot).toArray();
    if (wanted.k() < less.length) {
      return List.of(new Wanted(less, wanted.k()));
    }
    long[] greater = Arrays.stream(numbers).filter(each -> each > pivot).toArray();
    int notGreater = numbers.length - greater.length;
    return wanted.k() < notGreater
        ? List.of(new Wanted(new long[] {pivot}, 0))
        : List.of(new Wanted(greater, wanted.k() - notGreater));
  }

  @Override
  public Long solve(Wanted wanted) {
    long[] sorted = wanted.numbers().clone();
    Arrays.sort(sorted);
    return sorted[wanted.k()];
  }

  @Override
  public Long combine(Wanted wanted, List<Long> parts) {
    return parts.getFirst();
  }

  @Override
  public double work(Wanted wanted) {
    return 5.0 * wanted.numbers().length;
  }

  @Override
  public long resultBytes(Wanted wanted, long bytes) {
    return Long.BYTES;
  }
}
