package io.places.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * k-means by hand: the points in one flat array for each of two threads, parsed out of the bytes. Begins with the first K
 * points; the inertia is that of the last centroids.
 */
final class FloorKMeans {
  /** As far as all whole numbers of so many digits are doubles. */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final int dimensions;
  private double[] points;
  private int size;

  private FloorKMeans(int dimensions, int bytes) {
    this.dimensions = dimensions;
    this.points = new double[Math.max(dimensions, bytes / 8)];
  }

  /** Arguments: input, k, iterations. */
  public static void main(String[] arguments) throws Exception {
    byte[] text = Files.readAllBytes(Path.of(arguments[0]));
    int k = Integer.parseInt(arguments[1]);
    int dimensions = 1;
    for (int at = 0; text[at] != '\n'; at++) {
      dimensions += text[at] == ',' ? 1 : 0;
    }
    int middle = text.length / 2;
    while (text[middle - 1] != '\n') {
      middle++;
    }
    FloorKMeans first = new FloorKMeans(dimensions, middle);
    FloorKMeans second = new FloorKMeans(dimensions, text.length - middle);
    int half = middle;
    CompletableFuture<Void> later = CompletableFuture.runAsync(() -> second.parse(text, half, text.length));
    first.parse(text, 0, half);
    later.join();
    double[] centroids = Arrays.copyOf(first.points, k * dimensions);
    long start = System.nanoTime();
    for (int iteration = 0; iteration < Integer.parseInt(arguments[2]); iteration++) {
      double[] now = centroids;
      CompletableFuture<double[]> other = CompletableFuture.supplyAsync(() -> second.sums(now));
      double[] all = plus(first.sums(now), other.join());
      centroids = means(all, now, dimensions);
    }
    System.out.printf("rounds: %.3f s%n", (System.nanoTime() - start) / 1e9);
    double[] last = plus(first.sums(centroids), second.sums(centroids));
    System.out.println("inertia: " + last[last.length - 1]);
  }

  /** Of each centroid the sums of its points and their number, and behind all of them the inertia. */
  private double[] sums(double[] centroids) {
    double[] points = this.points;
    int dimensions = this.dimensions;
    int k = centroids.length / dimensions;
    double[] sums = new double[k * (dimensions + 1) + 1];
    double inertia = 0;
    for (int point = 0; point < size; point += dimensions) {
      int nearest = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < k; c++) {
        double distance = 0;
        int centroid = c * dimensions;
        for (int d = 0; d < dimensions; d++) {
          double difference = points[point + d] - centroids[centroid + d];
          distance += difference * difference;
        }
        if (distance < least) {
          least = distance;
          nearest = c;
        }
      }
      int at = nearest * (dimensions + 1);
      for (int d = 0; d < dimensions; d++) {
        sums[at + d] += points[point + d];
      }
      sums[at + dimensions]++;
      inertia += least;
    }
    sums[sums.length - 1] = inertia;
    return sums;
  }

  private static double[] plus(double[] some, double[] others) {
    for (int i = 0; i < some.length; i++) {
      some[i] += others[i];
    }
    return some;
  }

  /** The new centroids; one that nobody is next to stays. */
  private static double[] means(double[] sums, double[] before, int dimensions) {
    double[] means = before.clone();
    for (int i = 0; i < means.length; i++) {
      int at = i / dimensions * (dimensions + 1);
      double count = sums[at + dimensions];
      means[i] = count > 0 ? sums[at + i % dimensions] / count : means[i];
    }
    return means;
  }

  private void parse(byte[] text, int from, int to) {
    int at = from;
    while (at < to) {
      int start = at;
      long digits = 0;
      int count = 0;
      int point = -1;
      boolean isPlain = true;
      boolean isNegative = text[at] == '-';
      for (at += isNegative ? 1 : 0; at < to && text[at] != ',' && text[at] != '\n'; at++) {
        if (text[at] >= '0' && text[at] <= '9') {
          digits = 10 * digits + (text[at] - '0');
          count++;
        } else if (text[at] == '.' && point < 0) {
          point = count;
        } else {
          isPlain = false;
        }
      }
      double number;
      if (isPlain && count > 0 && count < POWERS_OF_TEN.length) {
        double size = point < 0 ? digits : digits / POWERS_OF_TEN[count - point];
        number = isNegative ? -size : size;
      } else {
        number = Double.parseDouble(new String(text, start, at - start, java.nio.charset.StandardCharsets.US_ASCII));
      }
      at++;
      if (size == points.length) {
        points = Arrays.copyOf(points, 2 * size);
      }
      points[size++] = number;
    }
  }
}
