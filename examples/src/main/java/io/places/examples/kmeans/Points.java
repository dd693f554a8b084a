package io.places.examples.kmeans;

/**
 * Points of one number of dimensions.
 *
 * @param values the coordinates of the first point, then those of the second, and so on
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Points(int dimensions, double[] values) {
  int count() {
    return values.length / dimensions;
  }
}
