package io.places.examples.kmeans;

/**
 * The points in blocks of equal size, as near as can be, and the blocks among the ranks. What the blocks are
 * depends on the number of points alone; each rank has some that follow one another.
 */
record Blocks(int points, int ranks) {
  /** More ranks than this have nothing to do; more blocks would be more to send in each step. */
  static final int COUNT = 64;

  /** How many elements each rank has of an array, and where they begin. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Parts(int[] counts, int[] offsets) {}

  /** The first point of a block; for {@code COUNT} how many points there are. */
  int start(int block) {
    return (int) ((long) points * block / COUNT);
  }

  /** The first block of a rank; of one after the last, how many blocks there are. */
  int first(int rank) {
    return (int) ((long) COUNT * rank / ranks);
  }

  /** The parts of an array with so many elements for each point. */
  Parts ofPoints(int width) {
    int[] bounds = new int[ranks + 1];
    for (int rank = 0; rank <= ranks; rank++) {
      bounds[rank] = Math.multiplyExact(start(first(rank)), width);
    }
    return between(bounds);
  }

  /** The parts of an array with so many elements for each block. */
  Parts ofBlocks(int width) {
    int[] bounds = new int[ranks + 1];
    for (int rank = 0; rank <= ranks; rank++) {
      bounds[rank] = Math.multiplyExact(first(rank), width);
    }
    return between(bounds);
  }

  private Parts between(int[] bounds) {
    int[] counts = new int[ranks];
    int[] offsets = new int[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      offsets[rank] = bounds[rank];
      counts[rank] = bounds[rank + 1] - bounds[rank];
    }
    return new Parts(counts, offsets);
  }
}
