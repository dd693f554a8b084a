package io.places.examples.kmeans;

import io.places.PlacesException;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * Each block has a generator of its own, so that any rank can make any block, and the points are the same
 * however many ranks there are.
 */
/**
 * Made-up data: points that lie around some centres, in turn.
 *
 * @param centres how many; their coordinates are 0 to 100, and the points scatter around them with a standard
 *     deviation of 1
 */
public record Blobs(int points, int dimensions, int centres) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}),(\\d{1,9}),(\\d{1,9})");
  private static final int MOST_DIMENSIONS = 10_000;
  private static final double WIDTH = 100;

  public Blobs {
    if (points < 1 || dimensions < 1 || dimensions > MOST_DIMENSIONS || centres < 1) {
      throw new PlacesException(
          "data are made of 1 point, dimension and centre at least, and of %d dimensions at most; not of %d, %d and %d"
              .formatted(MOST_DIMENSIONS, points, dimensions, centres));
    }
  }

  /**
   * Reads N,DIM,K.
   *
   * @throws PlacesException if it is something else
   */
  public static Blobs parse(String text) {
    Matcher numbers = TEXT.matcher(text);
    if (!numbers.matches()) {
      throw new PlacesException(
          "'%s' is not N,DIM,K: so many points of so many dimensions around so many centres"
              .formatted(text));
    }
    return new Blobs(
        Integer.parseInt(numbers.group(1)),
        Integer.parseInt(numbers.group(2)),
        Integer.parseInt(numbers.group(3)));
  }

  /** Makes one block of the points, into an array from an offset on. */
  public void make(long seed, int block, int from, int to, double[] values, int offset) {
    Random random = new Random(mixed(seed, block + 1L));
    int at = offset;
    double[] centre = new double[dimensions];
    for (int point = from; point < to; point++) {
      centre(seed, point % centres, centre);
      for (double coordinate : centre) {
        values[at++] = coordinate + random.nextGaussian();
      }
    }
  }

  private void centre(long seed, int number, double[] centre) {
    Random random = new Random(mixed(~seed, number));
    for (int i = 0; i < dimensions; i++) {
      centre[i] = random.nextDouble() * WIDTH;
    }
  }

  /** Neighbouring seeds would give generators whose first numbers are alike. */
  private static long mixed(long seed, long number) {
    long bits = seed + number * 0x9E3779B97F4A7C15L;
    bits = (bits ^ (bits >>> 32)) * 0xD6E8FEB86659FD93L;
    return bits ^ (bits >>> 32);
  }

  @Override
  public String toString() {
    return "%d,%d,%d".formatted(points, dimensions, centres);
  }
}
