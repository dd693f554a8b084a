package io.places.start;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs all measures of starts in turn, several times over, each time in a new JVM: so a machine that is
 * slower for a while is so for all of them. Prints a table of medians, with quartiles.
 */
public final class StartBenchmarks {
  /** Figures of one kind, of all rounds. */
  private final Map<String, List<Double>> figures = new TreeMap<>();

  private StartBenchmarks() {}

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds; 10 if it is missing
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    var benchmarks = new StartBenchmarks();
    for (int round = 1; round <= count; round++) {
      System.err.println("starts: round " + round + " of " + count);
      for (StartMeasure measure : StartMeasure.values()) {
        benchmarks.run(measure);
      }
    }
    benchmarks.print();
  }

  private void run(StartMeasure measure) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                StartMeasure.class.getName(),
                measure.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader()) {
      lines.lines().map(line -> line.split(" ", -1)).forEach(this::add);
    }
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IllegalStateException(measure + " ended with exit code " + exit);
    }
  }

  /** A measure, a figure, its value. */
  private void add(String[] words) {
    figures
        .computeIfAbsent(words[0] + " " + words[1], name -> new ArrayList<>())
        .add(Double.valueOf(words[2]));
  }

  private void print() {
    System.out.println();
    System.out.println("| start | median | quartiles |");
    System.out.println("|---|---:|---:|");
    figures.forEach(
        (name, all) -> {
          double[] values = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
          System.out.printf(
              "| %s | %,.0f | %,.0f - %,.0f |%n",
              name, quantile(values, 0.5), quantile(values, 0.25), quantile(values, 0.75));
        });
  }

  private static double quantile(double[] sorted, double part) {
    return sorted[(int) Math.round(part * (sorted.length - 1))];
  }
}
