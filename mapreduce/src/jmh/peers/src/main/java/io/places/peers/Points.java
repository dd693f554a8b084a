package io.places.peers;

import java.io.Serializable;

/** What the contestants of k-means share: how a line is read, and what a point adds to. */
final class Points {
  private Points() {}

  static double[] parse(String line) {
    String[] fields = line.split(",");
    double[] point = new double[fields.length];
    for (int i = 0; i < fields.length; i++) {
      point[i] = Double.parseDouble(fields[i]);
    }
    return point;
  }

  /** Sums of the points next to each centroid. */
  static final class Sums implements Serializable {
    private final double[][] sums;
    private final long[] counts;
    private double inertia;

    Sums(int k, int dimensions) {
      sums = new double[k][dimensions];
      counts = new long[k];
    }

    Sums add(double[] point, double[][] centroids) {
      int nearest = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < centroids.length; c++) {
        double distance = 0;
        double[] centroid = centroids[c];
        for (int d = 0; d < point.length; d++) {
          double difference = point[d] - centroid[d];
          distance += difference * difference;
        }
        if (distance < least) {
          least = distance;
          nearest = c;
        }
      }
      counts[nearest]++;
      inertia += least;
      for (int d = 0; d < point.length; d++) {
        sums[nearest][d] += point[d];
      }
      return this;
    }

    Sums plus(Sums other) {
      for (int c = 0; c < counts.length; c++) {
        counts[c] += other.counts[c];
        for (int d = 0; d < sums[c].length; d++) {
          sums[c][d] += other.sums[c][d];
        }
      }
      inertia += other.inertia;
      return this;
    }

    double inertia() {
      return inertia;
    }

    /** The new centroids; one that nobody is next to stays. */
    double[][] means(double[][] before) {
      double[][] means = new double[counts.length][];
      for (int c = 0; c < counts.length; c++) {
        means[c] = before[c].clone();
        for (int d = 0; d < means[c].length && counts[c] > 0; d++) {
          means[c][d] = sums[c][d] / counts[c];
        }
      }
      return means;
    }
  }
}
