package io.places.examples.kmeans;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The same clustering without ranks, written to be read: what the ranks must come to, bit for bit. */
final class SerialKMeans {
  private static final int BLOCKS = 64;

  private final double[][] points;

  SerialKMeans(double[][] points) {
    this.points = points;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Outcome(double[][] centroids, int iterations, double inertia) {}

  Outcome cluster(int k, int most, long seed) {
    double[][] centroids = begin(k, new Random(seed));
    for (int iteration = 1; ; iteration++) {
      double[][] moved = means(centroids);
      boolean same = same(moved, centroids);
      centroids = moved;
      if (same || iteration == most) {
        return new Outcome(centroids, iteration, inertia(centroids));
      }
    }
  }

  private double[][] begin(int k, Random random) {
    List<double[]> chosen = new ArrayList<>();
    chosen.add(points[(int) (random.nextDouble() * points.length)]);
    while (chosen.size() < k) {
      double[] sums = new double[BLOCKS];
      double total = 0;
      for (int block = 0; block < BLOCKS; block++) {
        for (int i = start(block); i < start(block + 1); i++) {
          sums[block] += toNearest(points[i], chosen);
        }
        total += sums[block];
      }
      double left = random.nextDouble() * total;
      int block = 0;
      while (sums[block] == 0 || left >= sums[block]) {
        left -= sums[block];
        block++;
      }
      int i = start(block);
      while (toNearest(points[i], chosen) == 0 || left >= toNearest(points[i], chosen)) {
        left -= toNearest(points[i], chosen);
        i++;
      }
      chosen.add(points[i]);
    }
    return chosen.toArray(double[][]::new);
  }

  private double[][] means(double[][] centroids) {
    double[][] sums = new double[centroids.length][points[0].length];
    int[] sizes = new int[centroids.length];
    for (int block = 0; block < BLOCKS; block++) {
      double[][] ofBlock = new double[centroids.length][points[0].length];
      for (int i = start(block); i < start(block + 1); i++) {
        int nearest = nearest(points[i], centroids);
        sizes[nearest]++;
        add(ofBlock[nearest], points[i]);
      }
      for (int c = 0; c < centroids.length; c++) {
        add(sums[c], ofBlock[c]);
      }
    }
    for (int c = 0; c < centroids.length; c++) {
      for (int d = 0; d < sums[c].length; d++) {
        sums[c][d] = sizes[c] == 0 ? centroids[c][d] : sums[c][d] / sizes[c];
      }
    }
    return sums;
  }

  private double inertia(double[][] centroids) {
    double total = 0;
    for (int block = 0; block < BLOCKS; block++) {
      double sum = 0;
      for (int i = start(block); i < start(block + 1); i++) {
        sum += distance(points[i], centroids[nearest(points[i], centroids)]);
      }
      total += sum;
    }
    return total;
  }

  private int start(int block) {
    return (int) ((long) points.length * block / BLOCKS);
  }

  private static void add(double[] sum, double[] point) {
    for (int d = 0; d < sum.length; d++) {
      sum[d] += point[d];
    }
  }

  private static int nearest(double[] point, double[][] centroids) {
    int nearest = 0;
    for (int c = 1; c < centroids.length; c++) {
      if (distance(point, centroids[c]) < distance(point, centroids[nearest])) {
        nearest = c;
      }
    }
    return nearest;
  }

  private static double toNearest(double[] point, List<double[]> centroids) {
    return centroids.stream().mapToDouble(centroid -> distance(point, centroid)).min().orElseThrow();
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sum;
  }

  private static boolean same(double[][] a, double[][] b) {
    for (int i = 0; i < a.length; i++) {
      for (int d = 0; d < a[i].length; d++) {
        if (Double.doubleToLongBits(a[i][d]) != Double.doubleToLongBits(b[i][d])) {
          return false;
        }
      }
    }
    return true;
  }
}
