package io.places.examples.kmeans;

/*
 * What a block comes to: the sums of the coordinates of each cluster's points, how many points each cluster
 * has, and the sum of the squares of their distances. Blocks are added in their order, so every sum comes out
 * the same, bit for bit, for every number of ranks.
 */
/** One step: each point goes to its nearest centroid, the first of those that are equally near. */
final class Step {
  private final Share share;
  private final int k;
  private final double[] centroids;
  private final int[] clusters;
  private final double[] totals;

  private Step(Share share, int k, double[] centroids) {
    this.share = share;
    this.k = k;
    this.centroids = centroids;
    this.clusters = new int[share.count()];
    this.totals = new double[width(k, share.dimensions())];
  }

  /** Collective. */
  static Step of(Share share, int k, double[] centroids) {
    Step step = new Step(share, k, centroids);
    double[] blocks = share.ofAllBlocks(step.totals.length, step::assign);
    for (int i = 0; i < blocks.length; i++) {
      step.totals[i % step.totals.length] += blocks[i];
    }
    return step;
  }

  /** How many numbers a block comes to. */
  static int width(int k, int dimensions) {
    return k * dimensions + k + 1;
  }

  private void assign(int from, int to, double[] into, int offset) {
    int dimensions = share.dimensions();
    double[] values = share.values();
    int counts = offset + k * dimensions;
    for (int point = from; point < to; point++) {
      int nearest = 0;
      double least = share.distance(point, centroids, 0);
      for (int centroid = 1; centroid < k; centroid++) {
        double distance = share.distance(point, centroids, centroid);
        if (distance < least) {
          least = distance;
          nearest = centroid;
        }
      }
      clusters[point] = nearest;
      for (int i = 0; i < dimensions; i++) {
        into[offset + nearest * dimensions + i] += values[point * dimensions + i];
      }
      into[counts + nearest]++;
      into[counts + k] += least;
    }
  }

  /** The mean of each cluster; a cluster without points stays where it is. */
  double[] means() {
    double[] means = new double[centroids.length];
    for (int i = 0; i < means.length; i++) {
      double points = size(i / share.dimensions());
      means[i] = points == 0 ? centroids[i] : totals[i] / points;
    }
    return means;
  }

  private double size(int cluster) {
    return totals[k * share.dimensions() + cluster];
  }

  int empty() {
    int empty = 0;
    for (int cluster = 0; cluster < k; cluster++) {
      empty += size(cluster) == 0 ? 1 : 0;
    }
    return empty;
  }

  /** The sum of the squares of the distances. */
  double inertia() {
    return totals[totals.length - 1];
  }

  /** The cluster of each point of this rank. */
  int[] clusters() {
    return clusters;
  }
}
