package io.places.examples.kmeans;

/**
 * What came out; the same at each rank, but for the picture.
 *
 * @param iterations how often the centroids were moved, or found to stay
 * @param converged whether the last iteration moved none
 * @param inertia the sum of the squares of the distances of the points to their centroids
 * @param empty how many clusters have no points
 * @param centroids the coordinates of the first, then those of the second, and so on
 * @param picture what was written beside the input, at rank 0; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
public record KMeansResult(
    int points,
    int dimensions,
    int iterations,
    boolean converged,
    double inertia,
    int empty,
    double[] centroids,
    String picture) {
  /** The centroids of a picture as colours, 0xRRGGBB. */
  public int[] colours() {
    return Picture.colours(centroids);
  }

  KMeansResult withPicture(String file) {
    return new KMeansResult(
        points, dimensions, iterations, converged, inertia, empty, centroids, file);
  }
}
