package io.places.examples.divide;

import io.places.ndp.DivideAndConquer;
import java.util.BitSet;
import java.util.List;

/** How many primes there are in a range, by the sieve of Eratosthenes. */
public final class Primes implements DivideAndConquer<Primes.Range, Long> {
  /** Numbers whose sieve fits a core's cache. */
  private static final int SMALL = 1 << 20;

  /**
   * The numbers from one to another.
   *
   * @param to is not in it
   */
  public record Range(long from, long to) {
    /** Beyond, the primes up to the root would not fit an array. */
    public static final long MOST = 1L << 50;
  }

  @Override
  public boolean isSmall(Range range) {
    return range.to() - range.from() <= SMALL;
  }

  @Override
  public List<Range> split(Range range) {
    long middle = range.from() + (range.to() - range.from()) / 2;
    return List.of(new Range(range.from(), middle), new Range(middle, range.to()));
  }

  @Override
  public Long solve(Range range) {
    long from = Math.max(2, range.from());
    int size = (int) Math.max(0, range.to() - from);
    BitSet crossed = new BitSet(size);
    int root = (int) Math.ceil(Math.sqrt((double) range.to()));
    BitSet small = new BitSet(root + 1); // crossed out among the numbers up to the root
    for (int p = 2; p <= root; p++) {
      if (small.get(p)) {
        continue;
      }
      for (long multiple = (long) p * p; multiple <= root; multiple += p) {
        small.set((int) multiple);
      }
      long first = Math.max((long) p * p, Math.ceilDiv(from, p) * p);
      for (long multiple = first; multiple < range.to(); multiple += p) {
        crossed.set((int) (multiple - from));
      }
    }
    return (long) size - crossed.cardinality();
  }

  @Override
  public Long combine(Range range, List<Long> parts) {
    return parts.get(0) + parts.get(1);
  }

  @Override
  public double work(Range range) {
    return 4.0 * (range.to() - range.from()) + Math.sqrt((double) range.to());
  }

  @Override
  public long resultBytes(Range range, long bytes) {
    return Long.BYTES;
  }
}
