package io.places.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Messages between two JVMs: all contestants in turn, several rounds, each time in new JVMs; so a machine
 * that is slower for a while is so for all of them. Prints medians and quartiles, then ratios, each taken
 * within a round.
 */
public final class RemoteBenchmarks {
  private static final double MEBIBYTES_A_GIGABYTE = 1e9 / Discipline.BULK_SIZE;

  private final Map<Contest.Name, Map<Discipline, List<Double>>> rates =
      new EnumMap<>(Contest.Name.class);

  private RemoteBenchmarks() {}

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds (default 10), and who takes part (default: all)
   */
  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    List<Contest.Name> names =
        arguments.length > 1
            ? Arrays.stream(arguments).skip(1).map(Contest.Name::valueOf).toList()
            : List.of(Contest.Name.values());
    var benchmarks = new RemoteBenchmarks();
    for (int round = 1; round <= rounds; round++) {
      for (Contest.Name name : names) {
        System.err.printf("round %d of %d: %s%n", round, rounds, name);
        benchmarks.run(name);
      }
    }
    benchmarks.print();
  }

  private void run(Contest.Name name) throws IOException {
    Process server = jvm(name, "serve");
    try (BufferedReader serverOutput = server.inputReader()) {
      String line = serverOutput.readLine();
      while (line != null && !line.startsWith(Contest.READY)) {
        line = serverOutput.readLine();
      }
      if (line == null) {
        throw new IOException(name + "'s server ended");
      }
      Process client = jvm(name, "connect", line.substring(Contest.READY.length()));
      try (BufferedReader output = client.inputReader()) {
        output
            .lines()
            .filter(result -> result.startsWith(Contest.RESULT))
            .forEach(result -> add(name, result.substring(Contest.RESULT.length()).split(" ", -1)));
      }
    } finally {
      server.destroyForcibly();
    }
  }

  private void add(Contest.Name name, String[] result) {
    rates
        .computeIfAbsent(name, any -> new EnumMap<>(Discipline.class))
        .computeIfAbsent(Discipline.valueOf(result[0]), any -> new ArrayList<>())
        .add(Double.parseDouble(result[1]));
  }

  private static Process jvm(Contest.Name name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "--sun-misc-unsafe-memory-access=allow", // some peers' own; spares a warning each
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            System.getProperty("java.class.path"),
            Contest.class.getName(),
            name.name()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void print() {
    System.out.println("| a second | " + String.join(" | ", names()) + " |");
    System.out.println("|---|" + "---:|".repeat(rates.size()));
    for (Discipline discipline : Discipline.values()) {
      StringBuilder row = new StringBuilder("| " + discipline);
      for (Map<Discipline, List<Double>> of : rates.values()) {
        row.append(" | ").append(cell(discipline, of.get(discipline)));
      }
      System.out.println(row + " |");
    }
    System.out.println();
    System.out.println("| ratio | bar | median | quartiles |");
    System.out.println("|---|---:|---:|---:|");
    ratio(Discipline.ROUND_TRIP_1, 4, Contest.Name.PEKKO);
    ratio(Discipline.ROUND_TRIP_1, 3, Contest.Name.GRPC);
    ratio(Discipline.ROUND_TRIP_1, 1, Contest.Name.RSOCKET);
    for (Contest.Name peer : List.of(Contest.Name.PEKKO, Contest.Name.GRPC, Contest.Name.VERTX_BUS)) {
      ratio(Discipline.ROUND_TRIP_64, 3, peer);
    }
    ratio(Discipline.ROUND_TRIP_64, 1, Contest.Name.RSOCKET);
    for (Contest.Name peer : Contest.Name.values()) {
      ratio(Discipline.ONE_WAY, 1.5, peer);
    }
    ratio(Discipline.MEBIBYTES, 0, Contest.Name.SOCKET);
  }

  private List<String> names() {
    return rates.keySet().stream().map(Contest.Name::name).toList();
  }

  private static String cell(Discipline discipline, List<Double> all) {
    if (all == null) {
      return "";
    }
    double[] sorted = sorted(all);
    return "%s (%s - %s)"
        .formatted(
            rate(discipline, quantile(sorted, 0.5)),
            rate(discipline, quantile(sorted, 0.25)),
            rate(discipline, quantile(sorted, 0.75)));
  }

  private static String rate(Discipline discipline, double rate) {
    if (discipline == Discipline.MEBIBYTES) {
      return "%.2f GB".formatted(rate / MEBIBYTES_A_GIGABYTE);
    }
    return rate >= 1e6 ? "%.2f M".formatted(rate / 1e6) : "%.1f k".formatted(rate / 1e3);
  }

  private void ratio(Discipline discipline, double bar, Contest.Name peer) {
    List<Double> ours =
        rates.getOrDefault(Contest.Name.PLACES, Map.of()).getOrDefault(discipline, List.of());
    List<Double> theirs = rates.getOrDefault(peer, Map.of()).getOrDefault(discipline, List.of());
    if (peer == Contest.Name.PLACES || ours.isEmpty() || ours.size() != theirs.size()) {
      return;
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / theirs.get(i));
    }
    double[] sorted = sorted(ratios);
    System.out.printf(
        "| %s to %s | %s | %.2f | %.2f - %.2f |%n",
        discipline,
        peer,
        bar == 0 ? "" : "%.1f".formatted(bar),
        quantile(sorted, 0.5),
        quantile(sorted, 0.25),
        quantile(sorted, 0.75));
  }

  private static double[] sorted(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static double quantile(double[] sorted, double part) {
    double position = part * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
