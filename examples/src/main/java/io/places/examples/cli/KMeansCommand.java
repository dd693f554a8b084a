package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.file.OutputFile;
import io.places.examples.kmeans.Blobs;
import io.places.examples.kmeans.KMeans;
import io.places.examples.kmeans.KMeansResult;
import io.places.examples.kmeans.KMeansSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code places kmeans}. */
@Command(
    name = "kmeans",
    description = {
      "Finds k clusters of points, or the k colours of a picture, with ranks that pass messages.",
      "The centroids are the same, bit for bit, however many ranks there are."
    })
final class KMeansCommand implements Callable<Integer> {
  private static final int MOST_K = 1_000_000;
  private static final int MOST_ITERATIONS = 1_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RanksOptions ranks = new RanksOptions();

  @Option(
      names = {"-k", "--clusters"},
      paramLabel = "K",
      required = true,
      description = "How many clusters.")
  private int k;

  @Option(
      names = "--iterations",
      paramLabel = "I",
      defaultValue = "50",
      description =
          "How many at most; it ends when no centroid moves any more (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "For the points to begin with, and for made data (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--generate",
      paramLabel = "N,DIM,K",
      converter = OfBlobs.class,
      description = "Instead of INPUT, N points of DIM dimensions around K centres.")
  private @Nullable Blobs generated;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the centroids into this CSV file, all digits of them, instead of printing them.")
  private @Nullable Path output;

  @Parameters(
      paramLabel = "INPUT",
      arity = "0..1",
      description =
          "A CSV file, a point in each line; or a PNG or JPEG picture: then it is written beside it in its"
              + " k colours, as NAME-K-colours.png: NAME without its ending, or with it if there is another"
              + " picture of that name. What is wholly transparent stays so, and its hidden colours do not"
              + " count.")
  private @Nullable Path input;

  /** N,DIM,K as the value of an option. */
  static final class OfBlobs implements ITypeConverter<Blobs> {
    @Override
    public Blobs convert(String value) {
      try {
        return Blobs.parse(value);
      } catch (PlacesException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() {
    Bounds.check(spec, "-k", k, 1, MOST_K);
    Bounds.check(spec, "--iterations", iterations, 1, MOST_ITERATIONS);
    if ((input == null) == (generated == null)) {
      throw new ParameterException(
          spec.commandLine(), "say what to cluster: either INPUT or --generate N,DIM,K");
    }
    if (input != null) {
      Bounds.path(spec, "INPUT", input);
    }
    var settings = new KMeansSettings(k, iterations, seed, input, generated);
    if (output == null) {
      KMeansResult result = run(settings);
      print(result);
      printCentroids(result);
      return ExitCode.OK;
    }
    Bounds.path(spec, "--output", output);
    try (OutputFile file = OutputFile.open(output, "the centroids")) {
      KMeansResult result = run(settings);
      file.write(
          IntStream.range(0, k)
              .mapToObj(i -> coordinates(result, i) + "\n")
              .collect(Collectors.joining()));
      print(result);
    }
    return ExitCode.OK;
  }

  private KMeansResult run(KMeansSettings settings) {
    return ranks.call(KMeans.class, KMeansResult.class, settings.toArguments()).getFirst();
  }

  private void print(KMeansResult result) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("points: " + result.points());
    out.println("dimensions: " + result.dimensions());
    out.println("clusters: " + k);
    out.println("empty clusters: " + result.empty());
    out.println("iterations: " + result.iterations());
    out.println("converged: " + (result.converged() ? "yes" : "no"));
    out.println("inertia: " + result.inertia());
    if (!result.picture().isEmpty()) {
      out.println("picture: " + result.picture());
    }
  }

  private void printCentroids(KMeansResult result) {
    PrintWriter out = spec.commandLine().getOut();
    int[] colours = result.picture().isEmpty() ? new int[0] : result.colours();
    for (int i = 0; i < k; i++) {
      out.println(
          colours.length == 0
              ? "centroid %d: %s".formatted(i + 1, coordinates(result, i))
              : "colour %d: #%06x".formatted(i + 1, colours[i]));
    }
  }

  private static String coordinates(KMeansResult result, int cluster) {
    int from = cluster * result.dimensions();
    return IntStream.range(from, from + result.dimensions())
        .mapToObj(i -> Double.toString(result.centroids()[i]))
        .collect(Collectors.joining(","));
  }
}
