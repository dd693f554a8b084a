package io.places.examples.kmeansmr;

/**
 * The centroids of a round.
 *
 * @param values the coordinates of the first, then those of the second, and so on
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
public record Centroids(int dimensions, double[] values) {
  /** How far a centroid may move, relative to its coordinates, and still be said to stay. */
  private static final double STILL = 1e-9;

  int count() {
    return values.length / dimensions;
  }

  /** The centroid that is nearest to a point, the first of those that are equally near. */
  int nearest(double[] points, int at) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int centroid = 0; centroid < count(); centroid++) {
      double distance = distance(points, at, centroid);
      if (distance < least) {
        least = distance;
        nearest = centroid;
      }
    }
    return nearest;
  }

  /** The square of the distance. */
  double distance(double[] points, int at, int centroid) {
    double sum = 0;
    for (int i = 0; i < dimensions; i++) {
      double difference = points[at + i] - values[centroid * dimensions + i];
      sum += difference * difference;
    }
    return sum;
  }

  boolean isNear(Centroids other) {
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i] - other.values[i]) > STILL * (1 + Math.abs(values[i]))) {
        return false;
      }
    }
    return true;
  }
}
