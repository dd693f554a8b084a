package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.divide.Bodies;
import io.places.examples.divide.Graph;
import io.places.examples.divide.Histogram;
import io.places.examples.divide.HullPicture;
import io.places.examples.divide.Matrix;
import io.places.examples.divide.Mergesort;
import io.places.examples.divide.Primes;
import io.places.examples.divide.Queens;
import io.places.examples.divide.Quickhull;
import io.places.examples.divide.Search;
import io.places.examples.divide.Select;
import io.places.examples.file.OutputFile;
import io.places.examples.qsort.Generated;
import io.places.ndp.DivideAndConquer;
import io.places.ndp.Ndp;
import io.places.ndp.NdpGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example divide}: the examples of nested data parallelism. */
@Command(
    name = "divide",
    description = "Solves a problem by dividing it; with --nodes or --hosts, other processes help where that pays.",
    synopsisSubcommandLabel = "PROBLEM")
final class DivideCommand implements Callable<Integer> {
  private static final int MOST = 100_000_000;
  private static final int MOST_BODIES = 2_000_000;
  private static final int MOST_SCALE = 22;
  private static final int EDGES_EACH = 8;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private final HelpersOptions helpers = new HelpersOptions();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing the name of a problem: there are " + String.join(", ", spec.subcommands().keySet()));
  }

  @Command(description = "In how many ways N queens stand on a board without threatening each other.")
  int queens(@Parameters(paramLabel = "N") int n) {
    Bounds.check(spec, "N", n, 1, Queens.Board.MOST);
    say("ways: " + solve(Queens.Board.empty(n), Queens.class));
    return ExitCode.OK;
  }

  @Command(description = "How many primes there are below N.")
  int primes(@Parameters(paramLabel = "N") long n) {
    if (n < 0 || n > Primes.Range.MOST) {
      throw new ParameterException(
          spec.commandLine(), "N must be 0 to %d, not %d".formatted(Primes.Range.MOST, n));
    }
    say("primes: " + solve(new Primes.Range(0, n), Primes.class));
    return ExitCode.OK;
  }

  @Command(description = "The median of generated numbers.")
  int median(@Parameters(paramLabel = "KIND,N,SEED", converter = QsortCommand.OfGenerated.class) Generated generated) {
    if (generated.size() == 0) {
      throw new ParameterException(spec.commandLine(), "no numbers have no median: N must be 1 or more");
    }
    say("median: " + solve(Select.Wanted.median(generated.make()), Select.class));
    return ExitCode.OK;
  }

  @Command(description = "Prints the lines of a file in order.")
  int mergesort(@Parameters(paramLabel = "FILE") Path file) {
    Bounds.path(spec, "FILE", file);
    Mergesort.Lines lines;
    try {
      lines = new Mergesort.Lines(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new PlacesException("cannot read the lines: " + e, e);
    }
    solve(lines, Mergesort.class).lines().forEach(this::say);
    return ExitCode.OK;
  }

  @Command(description = "Draws N random points and the least convex figure around them.")
  int quickhull(
      @Parameters(paramLabel = "N") int n,
      @Parameters(paramLabel = "FILE", description = "The PNG file to write; one that exists is replaced.") Path file,
      @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed) {
    helpers.requireNone();
    Bounds.check(spec, "N", n, 1, MOST);
    Bounds.path(spec, "FILE", file);
    try (OutputFile picture = OutputFile.open(file, "the picture")) {
      var random = new SplittableRandom(seed);
      Quickhull.Points points =
          new Quickhull.Points(gaussian(random, n), gaussian(random, n));
      Quickhull.Points hull = timed(() -> Quickhull.hull(points));
      picture.write(HullPicture.of(points, hull));
      say("corners: " + hull.size());
    }
    return ExitCode.OK;
  }

  private static double[] gaussian(SplittableRandom random, int n) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> random.nextGaussian());
    return values;
  }

  @Command(description = "Multiplies a sparse matrix of N rows, whose lengths follow a power law, with a vector.")
  int matrix(
      @Parameters(paramLabel = "N") int n,
      @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed) {
    helpers.requireNone();
    Bounds.check(spec, "N", n, 1, MOST / 10);
    Matrix matrix = Matrix.powerLaw(n, seed);
    double[] vector = new double[n];
    Arrays.setAll(vector, i -> 1.0 / (i + 1));
    double[] product = timed(() -> matrix.times(vector));
    say("elements: " + matrix.values().length);
    say("sum of the product: " + Arrays.stream(product).sum());
    return ExitCode.OK;
  }

  @Command(description = "Finds the forces between N bodies of a galaxy.")
  int bodies(
      @Parameters(paramLabel = "N") int n,
      @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed) {
    helpers.requireNone();
    Bounds.check(spec, "N", n, 1, MOST_BODIES);
    Bodies bodies = Bodies.galaxy(n, seed);
    Bodies.Forces forces = timed(bodies::forces);
    say(
        "force on the first body: %s, %s"
            .formatted(forces.x()[0], forces.y()[0]));
    return ExitCode.OK;
  }

  @Command(description = "Where a text occurs in a file, hits that overlap included.")
  int search(
      @Parameters(paramLabel = "TEXT") String text,
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--show",
              paramLabel = "N",
              defaultValue = "10",
              description = "How many hits to print at most (default: ${DEFAULT-VALUE}).")
          int show) {
    if (text.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "TEXT is empty: it is everywhere");
    }
    Bounds.check(spec, "--show", show, 0, Integer.MAX_VALUE);
    Bounds.path(spec, "FILE", file);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PlacesException("cannot read the file: " + e, e);
    } catch (OutOfMemoryError e) {
      throw new PlacesException("%s has more bytes than an array of this JVM can have".formatted(file), e);
    }
    int[] hits = solve(new Search.Wanted(bytes, text.getBytes(StandardCharsets.UTF_8)), Search.class);
    say("hits: " + hits.length);
    Arrays.stream(hits).limit(show).forEach(hit -> say("at byte " + hit));
    return ExitCode.OK;
  }

  @Command(description = "How many of generated numbers there are in each of some ranges.")
  int histogram(
      @Parameters(paramLabel = "KIND,N,SEED", converter = QsortCommand.OfGenerated.class) Generated generated,
      @Option(
              names = "--ranges",
              paramLabel = "R",
              defaultValue = "10",
              description = "Default: ${DEFAULT-VALUE}.")
          int ranges) {
    Bounds.check(spec, "--ranges", ranges, 1, 1_000_000);
    long[] numbers = generated.make();
    long least = Arrays.stream(numbers).min().orElse(0);
    long most = Arrays.stream(numbers).max().orElse(0);
    long[] counts = solve(new Histogram.Counted(numbers, least, most, ranges), Histogram.class);
    say("from %d to %d".formatted(least, most));
    Arrays.stream(counts).forEach(count -> say(Long.toString(count)));
    return ExitCode.OK;
  }

  @Command(description = "How far the vertices of a random graph of 2^SCALE vertices are from the first.")
  int graph(
      @Parameters(paramLabel = "SCALE") int scale,
      @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed) {
    helpers.requireNone();
    Bounds.check(spec, "SCALE", scale, 1, MOST_SCALE);
    Graph graph = Graph.rMat(scale, EDGES_EACH << scale, seed);
    int[] distances = timed(() -> graph.distances(0));
    int farthest = Arrays.stream(distances).filter(each -> each != Graph.UNREACHED).max().orElse(0);
    for (int distance = 0; distance <= farthest; distance++) {
      int wanted = distance;
      say("at distance %d: %d".formatted(distance, Arrays.stream(distances).filter(each -> each == wanted).count()));
    }
    say("not reached: " + Arrays.stream(distances).filter(each -> each == Graph.UNREACHED).count());
    return ExitCode.OK;
  }

  private <P, R> R solve(P problem, Class<? extends DivideAndConquer<P, R>> by) {
    helpers.check();
    try (NdpGroup group = helpers.start(by.getPackageName())) {
      if (group == null) {
        return timed(() -> Ndp.solve(problem, by));
      }
      R result = timed(() -> group.solve(problem, by));
      helpers.explain(group);
      return result;
    }
  }

  private <R> R timed(Supplier<R> work) {
    Instant start = Instant.now();
    R result = work.get();
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "solved in %.3f s%n",
            Duration.between(start, Instant.now()).toNanos() / 1e9);
    return result;
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
  }
}
