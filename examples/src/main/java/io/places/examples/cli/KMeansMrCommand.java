package io.places.examples.cli;

import io.places.examples.kmeans.Blobs;
import io.places.examples.kmeansmr.KMeansRounds;
import io.places.examples.kmeansmr.PointsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code places example kmeans-mr}. */
@Command(
    name = "kmeans-mr",
    description = {
      "Finds k clusters of points by a map-reduce job for each iteration.",
      "The points are read and parsed once, and stay with the workers. 'places kmeans' does the same with ranks"
          + " that pass messages."
    })
final class KMeansMrCommand extends JobCommand {
  private static final int MOST_K = 100_000;
  private static final int MOST_ITERATIONS = 1_000_000;

  @Option(
      names = {"-k", "--clusters"},
      paramLabel = "K",
      required = true,
      description = "How many clusters; they begin at the first K different points.")
  private int k;

  @Option(
      names = "--iterations",
      paramLabel = "I",
      defaultValue = "50",
      description =
          "How many at most; it ends when no centroid moves any more (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--generate",
      paramLabel = "N,DIM,K",
      converter = KMeansCommand.OfBlobs.class,
      description = "Instead of INPUT, N points of DIM dimensions around K centres.")
  private @Nullable Blobs generated;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "For made data (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Parameters(
      paramLabel = "INPUT",
      description = "Files of points, one in each line, coordinates between commas.")
  private List<String> inputs = new ArrayList<>();

  private List<Path> paths = List.of();

  @Override
  String[] packages() {
    return new String[] {KMeansRounds.class.getPackageName()};
  }

  @Override
  void check() {
    Bounds.check(spec(), "-k", k, 1, MOST_K);
    Bounds.check(spec(), "--iterations", iterations, 1, MOST_ITERATIONS);
    if (inputs.isEmpty() == (generated == null)) {
      throw wrongUse("say what to cluster: either INPUT or --generate N,DIM,K");
    }
  }

  @Override
  void prepare(Scratch scratch) throws IOException {
    if (generated == null) {
      paths = inputs(inputs);
    } else {
      Path points = scratch.path("points.csv");
      PointsFile.write(points, generated, seed);
      paths = List.of(points);
    }
  }

  @Override
  void run(JobRunner runner, Scratch scratch) throws IOException {
    KMeansRounds.Result result =
        new KMeansRounds(paths, scratch.path("rounds"), runner::run).run(k, iterations);
    out().println("points: " + result.points());
    out().println("dimensions: " + result.dimensions());
    out().println("clusters: " + k);
    out().println("empty clusters: " + result.empty());
    out().println("iterations: " + result.iterations());
    out().println("converged: " + (result.converged() ? "yes" : "no"));
    out().println("inertia: " + result.inertia());
    for (int i = 0; i < k; i++) {
      int from = i * result.dimensions();
      String coordinates =
          IntStream.range(from, from + result.dimensions())
              .mapToObj(at -> Double.toString(result.centroids()[at]))
              .collect(Collectors.joining(","));
      out().println("centroid %d: %s".formatted(i + 1, coordinates));
    }
  }
}
