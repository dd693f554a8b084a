package io.places.examples.divide;

import io.places.ndp.DivideAndConquer;
import java.util.Arrays;
import java.util.List;

/** How many numbers there are in each of some ranges of equal width. */
public final class Histogram implements DivideAndConquer<Histogram.Counted, long[]> {
  private static final int SMALL = 1 << 16;

  /**
   * Numbers are to be counted; those outside of the bounds are not.
   *
   * @param least the least number of the first range
   * @param most the greatest number of the last range
   * @param ranges how many
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
  public record Counted(long[] numbers, long least, long most, int ranges) {
    public Counted {
      if (ranges < 1 || least > most) {
        throw new IllegalArgumentException(
            "%d ranges from %d to %d: there is 1 at least, and bounds ascend".formatted(ranges, least, most));
      }
    }

    /** The range that a number is in. */
    int range(long number) {
      double width = ((double) most - least + 1) / ranges;
      return (int) Math.min(ranges - 1, ((double) number - least) / width);
    }
  }

  @Override
  public boolean isSmall(Counted problem) {
    return problem.numbers().length <= SMALL;
  }

  @Override
  public List<Counted> split(Counted problem) {
    int middle = problem.numbers().length / 2;
    return List.of(part(problem, 0, middle), part(problem, middle, problem.numbers().length));
  }

  private static Counted part(Counted of, int from, int to) {
    return new Counted(Arrays.copyOfRange(of.numbers(), from, to), of.least(), of.most(), of.ranges());
  }

  @Override
  public long[] solve(Counted problem) {
    long[] counts = new long[problem.ranges()];
    for (long number : problem.numbers()) {
      if (number >= problem.least() && number <= problem.most()) {
        counts[problem.range(number)]++;
      }
    }
    return counts;
  }

  @Override
  public long[] combine(Counted problem, List<long[]> parts) {
    long[] sum = parts.get(0).clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += parts.get(1)[i];
    }
    return sum;
  }

  @Override
  public double work(Counted problem) {
    return 3.0 * problem.numbers().length;
  }

  @Override
  public long resultBytes(Counted problem, long bytes) {
    return (long) Long.BYTES * problem.ranges();
  }
}
