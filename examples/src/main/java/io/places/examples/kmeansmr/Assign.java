package io.places.examples.kmeansmr;

import io.places.mapreduce.Context;
import io.places.mapreduce.Mapper;

/** Adds up, for each centroid, the points that are nearest to it. */
public final class Assign implements Mapper<Integer, double[], Integer, Sum> {
  private Centroids centroids = new Centroids(1, new double[0]);
  private double[][] sums = {};
  private long[] points = {};
  private double[] squares = {};

  @Override
  public void setup(Context<Integer, Sum> context) {
    centroids = context.side(KMeansRounds.CENTROIDS);
    sums = new double[centroids.count()][centroids.dimensions()];
    points = new long[centroids.count()];
    squares = new double[centroids.count()];
  }

  @Override
  public void map(Integer dimensions, double[] block, Context<Integer, Sum> context) {
    if (dimensions != centroids.dimensions()) {
      throw new IllegalArgumentException(
          "points of %d dimensions are among points of %d"
              .formatted(dimensions, centroids.dimensions()));
    }
    for (int at = 0; at < block.length; at += dimensions) {
      int nearest = centroids.nearest(block, at);
      double[] sum = sums[nearest];
      for (int i = 0; i < sum.length; i++) {
        sum[i] += block[at + i];
      }
      points[nearest]++;
      squares[nearest] += centroids.distance(block, at, nearest);
    }
  }

  @Override
  public void cleanup(Context<Integer, Sum> context) {
    for (int centroid = 0; centroid < points.length; centroid++) {
      if (points[centroid] > 0) {
        context.emit(centroid, new Sum(points[centroid], sums[centroid], squares[centroid]));
      }
    }
  }
}
