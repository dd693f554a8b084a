package io.places.peers;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * k-means by hand: the points in one array of numbers, two threads. Begins with the first K points; the
 * inertia is that of the last centroids.
 */
final class FloorKMeans {
  private FloorKMeans() {}

  /** Arguments: input, k, iterations. */
  public static void main(String[] arguments) throws Exception {
    byte[] text = Files.readAllBytes(Path.of(arguments[0]));
    int k = Integer.parseInt(arguments[1]);
    int middle = text.length / 2;
    while (text[middle - 1] != '\n') {
      middle++;
    }
    int half = middle;
    CompletableFuture<double[][]> later =
        CompletableFuture.supplyAsync(() -> parse(text, half, text.length));
    double[][] first = parse(text, 0, half);
    double[][] second = later.join();
    double[][] centroids = new double[k][];
    for (int c = 0; c < k; c++) {
      centroids[c] = first[c].clone();
    }
    for (int iteration = 0; iteration < Integer.parseInt(arguments[2]); iteration++) {
      double[][] now = centroids;
      CompletableFuture<Points.Sums> other =
          CompletableFuture.supplyAsync(() -> sums(second, now));
      Points.Sums all = sums(first, now).plus(other.join());
      centroids = all.means(now);
    }
    double inertia = sums(first, centroids).plus(sums(second, centroids)).inertia();
    System.out.println("inertia: " + inertia);
  }

  private static Points.Sums sums(double[][] points, double[][] centroids) {
    Points.Sums sums = new Points.Sums(centroids.length, centroids[0].length);
    for (double[] point : points) {
      sums.add(point, centroids);
    }
    return sums;
  }

  private static double[][] parse(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1)
        .lines()
        .map(Points::parse)
        .toArray(double[][]::new);
  }
}
