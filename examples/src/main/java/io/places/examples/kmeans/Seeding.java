package io.places.examples.kmeans;

import io.places.PlacesException;
import io.places.rmpi.Slice;
import java.util.Arrays;
import java.util.Random;

/*
 * k-means++ (Arthur and Vassilvitskii, 2007): each next centroid is a point, taken with a probability that is
 * proportional to the square of its distance to the nearest one so far. The sums of these squares are made by
 * blocks, so that the same points are taken however many ranks there are. All ranks draw the same random
 * numbers; only who has the block knows which point of it was drawn.
 */
/** Chooses the centroids to begin with. */
final class Seeding {
  private final Share share;
  private final Random random;
  private final double[] nearest;

  private Seeding(Share share, long seed) {
    this.share = share;
    this.random = new Random(seed);
    this.nearest = new double[share.count()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
  }

  /**
   * Chooses different points. Collective.
   *
   * @throws PlacesException if there are not so many different ones
   */
  static double[] choose(Share share, int k, long seed) {
    return new Seeding(share, seed).choose(k);
  }

  private double[] choose(int k) {
    int dimensions = share.dimensions();
    double[] centroids = new double[k * dimensions];
    int point = (int) (random.nextDouble() * share.blocks().points());
    int block = Blocks.COUNT - 1;
    while (share.blocks().start(block) > point) {
      block--;
    }
    copy(block, point - share.blocks().start(block), centroids, 0);
    for (int chosen = 1; chosen < k; chosen++) {
      int last = chosen - 1;
      double[] sums =
          share.ofAllBlocks(
              1, (from, to, into, offset) -> into[offset] = approach(from, to, centroids, last));
      double total = Arrays.stream(sums).reduce(0, Double::sum); // in their order
      if (total == 0) {
        throw new PlacesException(
            "there are only %d different points; k can be %d at most, not %d"
                .formatted(chosen, chosen, k));
      }
      Draw draw = draw(sums, 0, sums.length, random.nextDouble() * total);
      int from = share.local(draw.index());
      int to = share.local(draw.index() + 1);
      int inBlock = isMine(draw.index()) ? draw(nearest, from, to, draw.rest()).index() - from : 0;
      copy(draw.index(), inBlock, centroids, chosen);
    }
    return centroids;
  }

  /** Takes a new centroid into account for some points, and gives the sum of their squares. */
  private double approach(int from, int to, double[] centroids, int newest) {
    double sum = 0;
    for (int point = from; point < to; point++) {
      nearest[point] = Math.min(nearest[point], share.distance(point, centroids, newest));
      sum += nearest[point];
    }
    return sum;
  }

  /** An index, and what is left of the number drawn. */
  private record Draw(int index, double rest) {}

  /** Never one whose weight is 0, also if the number has come out too large by rounding. */
  private static Draw draw(double[] weights, int from, int to, double number) {
    double rest = number;
    int last = from;
    for (int i = from; i < to; i++) {
      if (weights[i] > 0) {
        if (rest < weights[i]) {
          return new Draw(i, rest);
        }
        rest -= weights[i];
        last = i;
      }
    }
    return new Draw(last, weights[last]);
  }

  private int owner(int block) {
    int rank = share.blocks().ranks() - 1;
    while (share.blocks().first(rank) > block) {
      rank--;
    }
    return rank;
  }

  private boolean isMine(int block) {
    return owner(block) == share.comm().rank();
  }

  /** Makes a point that one rank has the centroid of all. */
  private void copy(int block, int inBlock, double[] centroids, int centroid) {
    int dimensions = share.dimensions();
    Slice to = Slice.of(centroids, centroid * dimensions, dimensions);
    if (isMine(block)) {
      int from = (share.local(block) + inBlock) * dimensions;
      System.arraycopy(share.values(), from, centroids, centroid * dimensions, dimensions);
    }
    share.comm().bcast(to, owner(block));
  }
}
