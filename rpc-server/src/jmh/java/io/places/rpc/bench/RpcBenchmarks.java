package io.places.rpc.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Calls of 100 bytes and their answers: all peers in turn, several rounds, each time in new JVMs; so a
 * machine that is slower for a while is so for all of them. Prints medians of the rounds, then ratios, each
 * taken within a round.
 */
public final class RpcBenchmarks {

  /** Of one peer in one round; latencies in microseconds. */
  private record Figures(double rate, double half, double most, double nearlyAll) {}

  private final Map<RpcContest.Name, Map<RpcContest.Callers, List<Figures>>> figures =
      new EnumMap<>(RpcContest.Name.class);

  private RpcBenchmarks() {}

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds (default 5), and who takes part (default: all)
   */
  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    List<RpcContest.Name> names =
        arguments.length > 1
            ? Arrays.stream(arguments).skip(1).map(RpcContest.Name::valueOf).toList()
            : List.of(RpcContest.Name.values());
    var benchmarks = new RpcBenchmarks();
    for (int round = 1; round <= rounds; round++) {
      for (RpcContest.Name name : names) {
        System.err.printf("round %d of %d: %s%n", round, rounds, name);
        benchmarks.run(name);
      }
    }
    benchmarks.print();
  }

  private void run(RpcContest.Name name) throws IOException {
    Process server = jvm(name, "serve");
    try (BufferedReader serverOutput = server.inputReader()) {
      String line = serverOutput.readLine();
      while (line != null && !line.startsWith(RpcContest.READY)) {
        line = serverOutput.readLine();
      }
      if (line == null) {
        throw new IOException(name + "'s server ended");
      }
      Process client = jvm(name, "connect", line.substring(RpcContest.READY.length()));
      try (BufferedReader output = client.inputReader()) {
        output
            .lines()
            .filter(result -> result.startsWith(RpcContest.RESULT))
            .forEach(result -> add(name, result.substring(RpcContest.RESULT.length()).split(" ", -1)));
      }
    } finally {
      server.destroyForcibly();
    }
  }

  private void add(RpcContest.Name name, String[] result) {
    double[] numbers = Arrays.stream(result).skip(1).mapToDouble(Double::parseDouble).toArray();
    figures
        .computeIfAbsent(name, any -> new EnumMap<>(RpcContest.Callers.class))
        .computeIfAbsent(RpcContest.Callers.valueOf(result[0]), any -> new ArrayList<>())
        .add(new Figures(numbers[0], numbers[1], numbers[2], numbers[3]));
  }

  private static Process jvm(RpcContest.Name name, String... arguments) throws IOException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx1g",
                    "--sun-misc-unsafe-memory-access=allow", // some peers' own; spares a warning each
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RpcContest.class.getName(),
                    name.name()),
                Arrays.stream(arguments))
            .toList();
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void print() {
    System.out.println("| callers | peer | calls a second | p50 us | p99 us | p99.9 us |");
    System.out.println("|---|---|---:|---:|---:|---:|");
    for (RpcContest.Callers callers : RpcContest.Callers.values()) {
      figures.forEach(
          (name, of) -> {
            List<Figures> all = of.getOrDefault(callers, List.of());
            if (!all.isEmpty()) {
              System.out.printf(
                  "| %s | %s | %.1f k | %.1f | %.1f | %.1f |%n",
                  callers,
                  name,
                  median(all, Figures::rate) / 1e3,
                  median(all, Figures::half),
                  median(all, Figures::most),
                  median(all, Figures::nearlyAll));
            }
          });
    }
    System.out.println();
    System.out.println("| ratio of rates | bar | median | lowest | highest |");
    System.out.println("|---|---:|---:|---:|---:|");
    var places = RpcContest.Name.PLACES;
    ratio(RpcContest.Callers.ONE_THREAD, 3, places, RpcContest.Name.GRPC);
    ratio(RpcContest.Callers.ONE_THREAD, 1, places, RpcContest.Name.RSOCKET);
    ratio(RpcContest.Callers.VIRTUAL_64, 3, places, RpcContest.Name.GRPC);
    ratio(RpcContest.Callers.VIRTUAL_64, 2, places, RpcContest.Name.VERTX_BUS);
    ratio(RpcContest.Callers.VIRTUAL_64, 1, places, RpcContest.Name.RSOCKET);
    for (RpcContest.Callers callers : RpcContest.Callers.values()) {
      ratio(callers, 5, RpcContest.Name.PLACES_LOCAL, RpcContest.Name.PEKKO_LOCAL);
    }
  }

  private void ratio(
      RpcContest.Callers callers, double bar, RpcContest.Name ours, RpcContest.Name theirs) {
    List<Figures> one = figures.getOrDefault(ours, Map.of()).getOrDefault(callers, List.of());
    List<Figures> other = figures.getOrDefault(theirs, Map.of()).getOrDefault(callers, List.of());
    int rounds = Math.min(one.size(), other.size());
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ratios[i] = one.get(i).rate() / other.get(i).rate();
    }
    if (rounds > 0) {
      Arrays.sort(ratios);
      System.out.printf(
          "| %s: %s to %s | %.0f | %.2f | %.2f | %.2f |%n",
          callers, ours, theirs, bar, ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
    }
  }

  private static double median(List<Figures> all, ToDoubleFunction<Figures> of) {
    double[] sorted = all.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
