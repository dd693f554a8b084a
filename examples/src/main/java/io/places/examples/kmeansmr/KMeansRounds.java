package io.places.examples.kmeansmr;

import io.places.PlacesException;
import io.places.mapreduce.Job;
import io.places.mapreduce.RecordReader;
import io.places.mapreduce.SideData;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/*
 * Lloyd's algorithm, a job for each round. Only the first one reads and parses the points: the workers keep them.
 * What goes over the wire in a round is the centroids to each worker, and a sum for each task and centroid.
 */
/** Finds the k centroids of points by jobs, one after the other. */
public final class KMeansRounds {
  static final SideData<Centroids> CENTROIDS = new SideData<>("centroids", Centroids.class);

  private final List<Path> inputs;
  private final Path folder;
  private final Consumer<Job> runner;
  private int rounds;

  /**
   * Over the points in some files, one in each line.
   *
   * @param folder for the outputs of the rounds, which stay there
   * @param runner runs a job and waits for its end
   */
  public KMeansRounds(List<Path> inputs, Path folder, Consumer<Job> runner) {
    this.inputs = inputs;
    this.folder = folder;
    this.runner = runner;
  }

  /**
   * What came out.
   *
   * @param centroids the coordinates of the first, then those of the second, and so on
   * @param inertia the sum of the squares of the distances of the points to their centroids
   * @param iterations how often the centroids were moved, or found to stay
   * @param empty how many centroids have no points
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Result(
      double[] centroids,
      int dimensions,
      long points,
      double inertia,
      int iterations,
      boolean converged,
      int empty) {}

  private record Round(Centroids means, long points, double squares, int empty) {}

  /** Moves k centroids, which begin as the first k different points, so many times at most. */
  public Result run(int k, int mostIterations) throws IOException {
    Centroids centroids = first(k);
    Round round = round(centroids);
    boolean converged = false;
    int iterations = 0;
    while (!converged && iterations < mostIterations) {
      converged = round.means().isNear(centroids);
      centroids = round.means();
      iterations++;
      if (!converged) {
        round = round(centroids);
      }
    }
    return new Result(
        centroids.values(),
        centroids.dimensions(),
        round.points(),
        round.squares(),
        iterations,
        converged,
        round.empty());
  }

  private Centroids first(int k) throws IOException {
    TextLines lines = TextLines.of(inputs);
    Set<List<Double>> points = new LinkedHashSet<>();
    for (Split split : lines.splits(1)) {
      try (RecordReader<Long, String> reader = lines.open(split)) {
        while (points.size() < k && reader.next()) {
          if (!reader.value().isBlank()) {
            points.add(parse(reader));
          }
        }
      }
    }
    if (points.size() < k) {
      throw new PlacesException(
          "there are %d different points; k can be %d at most, not %d"
              .formatted(points.size(), points.size(), k));
    }
    double[] values =
        points.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
    return new Centroids(points.iterator().next().size(), values);
  }

  private static List<Double> parse(RecordReader<Long, String> reader) {
    try {
      return Stream.of(reader.value().split(",", -1)).map(ParsePoints::number).toList();
    } catch (IllegalArgumentException e) {
      throw new PlacesException("%s: %s".formatted(reader.position(), e.getMessage()), e);
    }
  }

  private Round round(Centroids centroids) throws IOException {
    Path output = folder.resolve("round-" + rounds++);
    runner.accept(
        Job.named("k-means, round " + rounds)
            .input(TextLines.of(inputs))
            .pipe(ParsePoints.class)
            .keep()
            .map(Assign.class)
            .reduce(AddUp.class)
            .output(TextOutput.to(output))
            .side(CENTROIDS, centroids));
    double[] means = centroids.values().clone(); // one without points stays where it is
    int empty = centroids.count();
    long points = 0;
    double squares = 0;
    for (String line : Files.readAllLines(output.resolve("part-r-00000"))) {
      String[] fields = line.split("[\t,]", -1);
      points += Long.parseLong(fields[1]);
      squares += Double.parseDouble(fields[2]);
      int at = Integer.parseInt(fields[0]) * centroids.dimensions();
      double[] mean =
          Arrays.stream(fields).skip(3).mapToDouble(Double::parseDouble).toArray();
      System.arraycopy(mean, 0, means, at, mean.length);
      empty--;
    }
    return new Round(new Centroids(centroids.dimensions(), means), points, squares, empty);
  }
}
