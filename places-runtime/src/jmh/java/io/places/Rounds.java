package io.places;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks of average times in turn, several times over, each time in a new JVM: so a machine that
 * is slower for a while is so for all of them. Prints medians and quartiles; a ratio is taken within each
 * round.
 */
public final class Rounds {

  /** A figure that must not be above its bar. */
  public record Ratio(String ours, String theirs, double bar) {}

  /** Per benchmark the times of one operation: one list of iterations a round. */
  private final Map<String, List<List<Double>>> rounds = new TreeMap<>();

  /** Runs {@code count} rounds of the benchmarks that a regular expression finds. */
  public static Rounds run(int count, String which) throws RunnerException {
    var rounds = new Rounds();
    for (int round = 1; round <= count; round++) {
      System.err.println("round " + round + " of " + count);
      rounds.add(runOnce(which));
    }
    return rounds;
  }

  private static Collection<RunResult> runOnce(String which) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(which)
                .forks(1)
                .warmupIterations(8)
                .warmupTime(TimeValue.milliseconds(200))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(100))
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
      String name =
          result.getParams().getBenchmark().replaceAll(".*\\.(\\w+)Benchmark\\.(\\w+)", "$1.$2")
              + parameters(result)
              + " ("
              + result.getParams().getTimeUnit().name().toLowerCase(Locale.ROOT)
              + ")";
      rounds.computeIfAbsent(name, absent -> new ArrayList<>()).add(scores);
    }
  }

  /** The values of its parameters, each after a space. */
  private static String parameters(RunResult result) {
    return result.getParams().getParamsKeys().stream()
        .map(key -> " " + result.getParams().getParam(key))
        .collect(Collectors.joining());
  }

  /** Prints every benchmark's time, then the ratios of times. */
  public void print(List<Ratio> ratios) {
    System.out.println("| benchmark | median | quartiles |");
    System.out.println("|---|---:|---:|");
    rounds.forEach(
        (name, all) -> {
          double[] scores =
              all.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).sorted().toArray();
          System.out.printf(
              "| %s | %.1f | %.1f - %.1f |%n",
              name, quantile(scores, 0.5), quantile(scores, 0.25), quantile(scores, 0.75));
        });
    System.out.println();
    System.out.println("| ratio of times | bar | median | quartiles |");
    System.out.println("|---|---:|---:|---:|");
    ratios.forEach(this::print);
  }

  private void print(Ratio ratio) {
    List<List<Double>> ours = named(ratio.ours());
    List<List<Double>> theirs = named(ratio.theirs());
    double[] each = new double[Math.min(ours.size(), theirs.size())];
    for (int i = 0; i < each.length; i++) {
      each[i] = median(ours.get(i)) / median(theirs.get(i));
    }
    if (each.length > 0) {
      Arrays.sort(each);
      System.out.printf(
          "| %s to %s | %.2f | %.2f | %.2f - %.2f |%n",
          ratio.ours(),
          ratio.theirs(),
          ratio.bar(),
          quantile(each, 0.5),
          quantile(each, 0.25),
          quantile(each, 0.75));
    }
  }

  private List<List<Double>> named(String name) {
    return rounds.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(name + " ("))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(List.of());
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
}
