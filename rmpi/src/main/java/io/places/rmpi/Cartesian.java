package io.places.rmpi;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Ranks on a grid of any number of dimensions (MPI 4.1, chapter 8). The last coordinate changes fastest with
 * the rank.
 */
public final class Cartesian {
  private final Comm comm;
  private final int[] sizes;
  private final boolean[] periodic;

  private Cartesian(Comm comm, int[] sizes, boolean[] periodic) {
    this.comm = comm;
    this.sizes = sizes;
    this.periodic = periodic;
  }

  static Optional<Cartesian> of(Comm all, int[] sizes, boolean[] periodic) {
    if (sizes.length != periodic.length) {
      throw new IllegalArgumentException(
          "%d sizes and %d periods: it takes one of each a dimension"
              .formatted(sizes.length, periodic.length));
    }
    BigInteger cells =
        Arrays.stream(sizes).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    if (Arrays.stream(sizes).anyMatch(size -> size < 1) || cells.compareTo(BigInteger.valueOf(all.size())) > 0) {
      throw new IllegalArgumentException(
          "a grid of %s has %d cells; there are %d ranks, and each dimension has 1 cell at least"
              .formatted(Arrays.toString(sizes), cells, all.size()));
    }
    String arguments = "%s, periodic %s".formatted(Arrays.toString(sizes), Arrays.toString(periodic));
    return all.split("cartesian", all.rank() < cells.intValue() ? 0 : Comm.UNDEFINED, 0, arguments)
        .map(comm -> new Cartesian(comm, sizes.clone(), periodic.clone()));
  }

  /**
   * Divides a number of ranks into dimensions that are as equal as can be, the largest first (MPI_Dims_create).
   *
   * @param given a size for each dimension that is fixed, 0 for one to be chosen
   * @throws IllegalArgumentException if the fixed ones do not divide the ranks
   */
  public static int[] sizes(int ranks, int... given) {
    if (ranks < 1) {
      throw new IllegalArgumentException("%d ranks: a grid has 1 at least".formatted(ranks));
    }
    int left = ranks;
    for (int size : given) {
      if (size < 0 || (size > 0 && left % size != 0)) {
        throw new IllegalArgumentException(
            "%d ranks cannot be divided into %s".formatted(ranks, Arrays.toString(given)));
      }
      left = size > 0 ? left / size : left;
    }
    int free = (int) Arrays.stream(given).filter(size -> size == 0).count();
    if (free == 0) {
      if (left != 1) {
        throw new IllegalArgumentException(
            "%d ranks are not %s".formatted(ranks, Arrays.toString(given)));
      }
      return given.clone();
    }
    int[] chosen = mostEqual(left, free);
    int[] all = given.clone();
    int next = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == 0) {
        all[i] = chosen[next++];
      }
    }
    return all;
  }

  /** Of all ways to write a number as a product, the one with the least difference, largest first. */
  private static int[] mostEqual(int number, int factors) {
    if (factors == 1) {
      return new int[] {number};
    }
    int[] best = {};
    for (int first : divisors(number)) {
      int[] rest = mostEqual(number / first, factors - 1);
      if (rest[0] <= first && (best.length == 0 || first < best[0])) {
        best = new int[factors];
        best[0] = first;
        System.arraycopy(rest, 0, best, 1, rest.length);
      }
    }
    return best;
  }

  private static int[] divisors(int number) {
    return IntStream.iterate(1, divisor -> (long) divisor * divisor <= number, divisor -> divisor + 1)
        .filter(divisor -> number % divisor == 0)
        .flatMap(divisor -> IntStream.of(divisor, number / divisor))
        .toArray();
  }

  /** The communicator of the ranks on the grid. */
  public Comm comm() {
    return comm;
  }

  public int dimensions() {
    return sizes.length;
  }

  /** Where a rank is. */
  public int[] coordinates(int rank) {
    if (rank < 0 || rank >= comm.size()) {
      throw new IllegalArgumentException("rank %d of %d".formatted(rank, comm.size()));
    }
    int[] coordinates = new int[sizes.length];
    int left = rank;
    for (int i = sizes.length - 1; i >= 0; i--) {
      coordinates[i] = left % sizes[i];
      left /= sizes[i];
    }
    return coordinates;
  }

  /** Where this rank is. */
  public int[] coordinates() {
    return coordinates(comm.rank());
  }

  /**
   * Which rank is there; {@link Comm#PROC_NULL} outside of the grid. A periodic dimension goes round.
   */
  public int rank(int... coordinates) {
    if (coordinates.length != sizes.length) {
      throw new IllegalArgumentException(
          "%d coordinates on a grid of %d dimensions"
              .formatted(coordinates.length, sizes.length));
    }
    int rank = 0;
    for (int i = 0; i < sizes.length; i++) {
      int at = periodic[i] ? Math.floorMod(coordinates[i], sizes[i]) : coordinates[i];
      if (at < 0 || at >= sizes[i]) {
        return Comm.PROC_NULL;
      }
      rank = rank * sizes[i] + at;
    }
    return rank;
  }

  /**
   * The neighbours along a dimension.
   *
   * @param dimension from 0 on
   * @param by how far away; negative for the other direction
   */
  public Shift shift(int dimension, int by) {
    if (dimension < 0 || dimension >= sizes.length) {
      throw new IllegalArgumentException(
          "dimension %d of a grid of %d dimensions: they are 0 to %d"
              .formatted(dimension, sizes.length, sizes.length - 1));
    }
    int[] coordinates = coordinates();
    int here = coordinates[dimension];
    coordinates[dimension] = here - by;
    int source = rank(coordinates);
    coordinates[dimension] = here + by;
    return new Shift(source, rank(coordinates));
  }

  /**
   * Whom to receive from and to send to so that data moves along a dimension; {@link Comm#PROC_NULL} at a
   * border.
   */
  public record Shift(int source, int destination) {}

  /**
   * The grid of the ranks that share this one's coordinates in the dimensions left out. Collective, with the same
   * dimensions kept.
   */
  public Cartesian sub(boolean... kept) {
    if (kept.length != sizes.length) {
      throw new IllegalArgumentException(
          "%d choices for %d dimensions".formatted(kept.length, sizes.length));
    }
    int[] coordinates = coordinates();
    int colour = 0;
    int key = 0;
    int dimensions = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (kept[i]) {
        key = key * sizes[i] + coordinates[i];
        dimensions++;
      } else {
        colour = colour * sizes[i] + coordinates[i];
      }
    }
    int[] subSizes = new int[dimensions];
    boolean[] subPeriodic = new boolean[dimensions];
    int next = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (kept[i]) {
        subSizes[next] = sizes[i];
        subPeriodic[next++] = periodic[i];
      }
    }
    Comm part = comm.split("sub", colour, key, Arrays.toString(kept)).orElseThrow();
    return new Cartesian(part, subSizes, subPeriodic);
  }
}
