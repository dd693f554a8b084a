package io.places.examples.kmeans;

import io.places.rmpi.Comm;
import io.places.rmpi.Slice;

/** One rank's blocks of the points, and the way to what the blocks of all ranks come to. */
final class Share {
  private final Comm comm;
  private final Blocks blocks;
  private final int dimensions;
  private final double[] values;

  /** Something about the points {@code from} to {@code to} of a share, to be put into an array. */
  interface OfBlock {
    void compute(int from, int to, double[] into, int offset);
  }

  /**
   * @param values the points of this rank's blocks
   */
  Share(Comm comm, Blocks blocks, int dimensions, double[] values) {
    this.comm = comm;
    this.blocks = blocks;
    this.dimensions = dimensions;
    this.values = values;
  }

  Comm comm() {
    return comm;
  }

  Blocks blocks() {
    return blocks;
  }

  int dimensions() {
    return dimensions;
  }

  /** How many points this rank has. */
  int count() {
    return values.length / dimensions;
  }

  double[] values() {
    return values;
  }

  /** The first point of a block of this rank, counted from this rank's first. */
  int local(int block) {
    return blocks.start(block) - blocks.start(blocks.first(comm.rank()));
  }

  /**
   * What all blocks come to, in the order of the blocks, at each rank. Collective.
   *
   * @param width how many elements for each block
   */
  double[] ofAllBlocks(int width, OfBlock block) {
    int first = blocks.first(comm.rank());
    int end = blocks.first(comm.rank() + 1);
    double[] own = new double[(end - first) * width];
    for (int i = first; i < end; i++) {
      block.compute(local(i), local(i + 1), own, (i - first) * width);
    }
    double[] all = new double[Blocks.COUNT * width];
    Blocks.Parts parts = blocks.ofBlocks(width);
    comm.allgatherv(Slice.of(own), Slice.of(all), parts.counts(), parts.offsets());
    return all;
  }

  /** The square of the distance of a point of this share to one of some centroids. */
  double distance(int point, double[] centroids, int centroid) {
    int a = point * dimensions;
    int b = centroid * dimensions;
    double sum = 0;
    for (int i = 0; i < dimensions; i++) {
      double difference = values[a + i] - centroids[b + i];
      sum += difference * difference;
    }
    return sum;
  }
}
