package io.places.channel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs all benchmarks of channels in turn, several times over, each time in a new JVM: so a machine that
 * is slower for a while is so for all of them. Prints a table of medians, then the ratios that matter;
 * a ratio is taken within each round.
 */
public final class ChannelBenchmarks {
  private static final int MICROSECONDS = 1_000_000;

  /** Per benchmark, operations a second: one list of iterations a round. */
  private final Map<String, List<List<Double>>> rounds = new TreeMap<>();

  private ChannelBenchmarks() {}

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds (default 10), and which benchmarks (a regular expression)
   */
  public static void main(String[] arguments) throws RunnerException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    String which =
        arguments.length > 1
            ? arguments[1]
            : "io.places.channel.(OneWay|RoundTrip|Pekko|Bulk)Benchmark";
    var benchmarks = new ChannelBenchmarks();
    for (int round = 1; round <= count; round++) {
      System.err.println("round " + round + " of " + count);
      benchmarks.add(runOnce(which));
    }
    benchmarks.print();
  }

  private static Collection<RunResult> runOnce(String which) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(which)
                .forks(1)
                .warmupIterations(4)
                .warmupTime(TimeValue.milliseconds(250))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(250))
                .jvmArgs(
                    "-Xmx1g",
                    "--sun-misc-unsafe-memory-access=allow", // JMH's own; spares a warning each
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
                .verbosity(VerboseMode.SILENT)
                .build())
        .run();
  }

  private void add(Collection<RunResult> results) {
    for (RunResult result : results) {
      List<Double> scores = new ArrayList<>();
      result.getBenchmarkResults().stream()
          .flatMap(benchmark -> benchmark.getIterationResults().stream())
          .map(IterationResult::getPrimaryResult)
          .forEach(iteration -> scores.add(iteration.getScore()));
      rounds.computeIfAbsent(nameOf(result), name -> new ArrayList<>()).add(scores);
    }
  }

  /** As {@code OneWay.channel VIRTUAL}. */
  private static String nameOf(RunResult result) {
    String threads = result.getParams().getParam("threads");
    return result
            .getParams()
            .getBenchmark()
            .replaceAll(".*\\.(\\w+)Benchmark\\.(\\w+)", "$1.$2")
        + (threads == null ? "" : " " + threads);
  }

  private void print() {
    System.out.println("| benchmark | median | quartiles | us each |");
    System.out.println("|---|---:|---:|---:|");
    rounds.forEach(
        (name, all) -> {
          double[] scores =
              all.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).sorted().toArray();
          System.out.printf(
              "| %s | %s/s | %s - %s | %.3f |%n",
              name,
              rate(quantile(scores, 0.5)),
              rate(quantile(scores, 0.25)),
              rate(quantile(scores, 0.75)),
              MICROSECONDS / quantile(scores, 0.5));
        });

    System.out.println();
    System.out.println("| ratio of rates | bar | median | quartiles |");
    System.out.println("|---|---:|---:|---:|");
    ratio("OneWay.channel VIRTUAL", 1.0, "Pekko.tellOneWay");
    ratio("OneWay.channel PLATFORM", 1.0, "Pekko.tellOneWay");
    ratio("RoundTrip.channel VIRTUAL", 0.7, "RoundTrip.linkedTransferQueue VIRTUAL");
    ratio("RoundTrip.channel VIRTUAL", 0.7, "RoundTrip.linkedBlockingQueue VIRTUAL");
    ratio("RoundTrip.channel PLATFORM", 1 / 1.3, "RoundTrip.linkedTransferQueue PLATFORM");
    ratio("RoundTrip.channel PLATFORM", 1 / 1.3, "RoundTrip.linkedBlockingQueue PLATFORM");
    ratio("RoundTrip.ask VIRTUAL", 5.0, "Pekko.ask");
    ratio("RoundTrip.ask PLATFORM", 5.0, "Pekko.ask");
    ratio("Bulk.channelDoubles", 0.7, "Bulk.copyOf");
    ratio("Bulk.channelDoubles", 0.7, "Bulk.arraycopy");
    ratio("Bulk.largeRecord", 1.0, "Bulk.smallRecord");
    ratio("Bulk.largeProtobuf", 1.0, "Bulk.smallProtobuf");
  }

  private void ratio(String ours, double bar, String theirs) {
    List<List<Double>> a = rounds.getOrDefault(ours, List.of());
    List<List<Double>> b = rounds.getOrDefault(theirs, List.of());
    double[] ratios = new double[Math.min(a.size(), b.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = median(a.get(i)) / median(b.get(i));
    }
    if (ratios.length > 0) {
      Arrays.sort(ratios);
      System.out.printf(
          "| %s to %s | %.2f | %.2f | %.2f - %.2f |%n",
          ours,
          theirs,
          bar,
          quantile(ratios, 0.5),
          quantile(ratios, 0.25),
          quantile(ratios, 0.75));
    }
  }

  private static double median(List<Double> scores) {
    return quantile(scores.stream().mapToDouble(Double::doubleValue).sorted().toArray(), 0.5);
  }

  private static double quantile(double[] sorted, double part) {
    double position = part * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  private static String rate(double perSecond) {
    return perSecond >= 1_000_000
        ? "%.1f M".formatted(perSecond / 1_000_000)
        : "%.0f k".formatted(perSecond / 1_000);
  }
}
