package io.places.ndp.bench;

import io.places.ndp.Ndp;
import io.places.ndp.NdpGroup;
import io.places.ndp.Quicksort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Sorts and segmented sums beside the JDK's, a fork-join quicksort and std::sort: in each round all of them in turn,
 * on copies of the same array. The JVM must have a common pool of as many threads as there are cores.
 */
public final class NdpBenchmarks {
  private static final int WARM_UP = 3;
  private static final int TEN = 10_000_000;
  private static final int FIFTY = 50_000_000;
  private static final int OBJECTS = 2_000_000;
  private static final int ROWS = 1_000_000;

  private final Map<String, List<Double>> times = new LinkedHashMap<>();
  private final List<String> bars = new ArrayList<>();
  private final String stdSort;
  private double[] products = {};

  private NdpBenchmarks(String stdSort) {
    this.stdSort = stdSort;
  }

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds, and the program that is std::sort, or "-"
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    var benchmarks = new NdpBenchmarks(arguments[1]);
    for (int round = 1 - WARM_UP; round <= rounds; round++) {
      System.err.printf("round %d of %d%n", round, rounds);
      benchmarks.longs("10 M", TEN);
      benchmarks.doublesAndObjects();
      benchmarks.inputs();
      benchmarks.matrix();
      if (round > 0) {
        benchmarks.longs("50 M", FIFTY);
      }
      if (round == 0) {
        benchmarks.times.clear();
        benchmarks.bars.clear();
      }
    }
    for (int round = 0; round <= rounds; round++) {
      System.err.printf("two processes: round %d of %d%n", round, rounds);
      benchmarks.together(round == 0);
    }
    benchmarks.print();
  }

  private void longs(String name, int size) throws IOException, InterruptedException {
    long[] numbers = new SplittableRandom(1).longs(size).toArray();
    double own = time(name + " longs, Ndp.sort", numbers.clone(), Ndp::sort);
    double jdk = time(name + " longs, Arrays.parallelSort", numbers.clone(), Arrays::parallelSort);
    bar(name + " longs, to parallelSort", own / jdk, "<= 0.8");
    time(
        name + " longs, fork-join quicksort",
        numbers.clone(),
        array -> ForkJoinPool.commonPool().invoke(new ForkJoinQuicksort(array, 0, array.length)));
    if (!stdSort.equals("-")) {
      Process process = new ProcessBuilder(stdSort, Integer.toString(size)).start();
      String took =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      if (process.waitFor() != 0) {
        throw new IOException(stdSort + " failed");
      }
      add(name + " longs, std::sort (1 thread)", Double.parseDouble(took));
    }
  }

  private void doublesAndObjects() {
    double[] doubles = new SplittableRandom(2).doubles(TEN).toArray();
    double own = time("10 M doubles, Ndp.sort", doubles.clone(), Ndp::sort);
    double jdk = time("10 M doubles, Arrays.parallelSort", doubles.clone(), Arrays::parallelSort);
    bar("10 M doubles, to parallelSort", own / jdk, "<= 1.0");
    Long[] objects = new SplittableRandom(3).longs(OBJECTS).boxed().toArray(Long[]::new);
    Comparator<Long> order = Comparator.naturalOrder();
    own = time("2 M objects, Ndp.sort", objects.clone(), array -> Ndp.sort(array, order));
    jdk = time("2 M objects, Arrays.parallelSort", objects.clone(), array -> Arrays.parallelSort(array, order));
    bar("2 M objects, to parallelSort", own / jdk, "<= 1.0");
  }

  private void inputs() {
    double uniform = times.getOrDefault("10 M longs, Ndp.sort", List.of(1.0)).getLast();
    long[] sorted = IntStream.range(0, TEN).asLongStream().toArray();
    double own = time("10 M sorted, Ndp.sort", sorted.clone(), Ndp::sort);
    double jdk = time("10 M sorted, Arrays.sort", sorted.clone(), Arrays::sort);
    bar("10 M sorted, to Arrays.sort", own / jdk, "<= 2");
    SplittableRandom random = new SplittableRandom(4);
    Map<String, long[]> kinds = new LinkedHashMap<>();
    kinds.put("reversed", IntStream.range(0, TEN).mapToLong(i -> TEN - i).toArray());
    kinds.put("organ pipe", IntStream.range(0, TEN).mapToLong(i -> Math.min(i, TEN - i)).toArray());
    kinds.put("16 distinct", random.longs(TEN, 0, 16).toArray());
    kinds.put("all equal", new long[TEN]);
    kinds.put(
        "almost sorted",
        IntStream.range(0, TEN).mapToLong(i -> random.nextInt(100) == 0 ? random.nextInt(TEN) : i).toArray());
    kinds.put(
        "exponential",
        IntStream.range(0, TEN).mapToLong(i -> random.nextLong() >> random.nextInt(64)).toArray());
    kinds.put(
        "median-of-3 killer",
        IntStream.range(0, TEN)
            .mapToLong(
                i ->
                    i >= TEN / 2
                        ? 2L * (i - TEN / 2 + 1)
                        : i % 2 == 0 ? i + 1L : (long) TEN / 2 + i - 1)
            .toArray());
    kinds.forEach(
        (kind, array) ->
            bar(
                "10 M " + kind + ", to uniform",
                time("10 M " + kind + ", Ndp.sort", array, Ndp::sort) / uniform,
                "<= 3"));
  }

  /** Rows after a power law, of 2 elements at least, a few of ten thousands. */
  private void matrix() {
    SplittableRandom random = new SplittableRandom(5);
    int[] starts = new int[ROWS + 1];
    for (int row = 0; row < ROWS; row++) {
      double length = 2 * Math.pow(1 - random.nextDouble(), -1 / 1.2);
      starts[row + 1] = starts[row] + (int) Math.min(100_000, length);
    }
    int[] columns = random.ints(starts[ROWS], 0, ROWS).toArray();
    double[] values = random.doubles(starts[ROWS]).toArray();
    double[] vector = random.doubles(ROWS).toArray();
    double own =
        time(
            "matrix times vector, Ndp.sums",
            starts,
            rows -> products = Ndp.sums(rows, i -> values[i] * vector[columns[i]]));
    double jdk =
        time(
            "matrix times vector, parallel stream by rows",
            starts,
            rows ->
                products = IntStream.range(0, ROWS)
                    .parallel()
                    .mapToDouble(
                        row -> {
                          double sum = 0;
                          for (int i = rows[row]; i < rows[row + 1]; i++) {
                            sum += values[i] * vector[columns[i]];
                          }
                          return sum;
                        })
                    .toArray());
    if (products.length != ROWS) {
      throw new IllegalStateException("%d products of %d rows".formatted(products.length, ROWS));
    }
    bar("matrix times vector, to the stream", own / jdk, "<= 1.0");
  }

  /** A JVM beside this one, a thread each, against one thread here. */
  private void together(boolean warmUp) {
    try (NdpGroup group = NdpGroup.processes(1)) {
      long[] some = new SplittableRandom(6).longs(TEN).toArray();
      for (int i = 0; i < WARM_UP; i++) {
        group.solve(some, Quicksort.class);
      }
      for (int size : new int[] {TEN, FIFTY}) {
        if (warmUp) {
          return;
        }
        String name = size / 1_000_000 + " M longs";
        long[] numbers = new SplittableRandom(7).longs(size).toArray();
        double jdk = time(name + ", Arrays.sort", numbers.clone(), Arrays::sort);
        double own =
            time(
                name + ", quicksort in two processes",
                numbers,
                array -> group.solve(array, Quicksort.class));
        double either = time(name + ", group.sort", numbers.clone(), group::sort);
        bar(name + ", Arrays.sort to quicksort in two processes", jdk / own, ">= 1.5");
        bar(name + ", Arrays.sort to group.sort", jdk / either, "");
      }
    }
  }

  private <T> double time(String name, T argument, Consumer<T> work) {
    long start = System.nanoTime();
    work.accept(argument);
    double took = (System.nanoTime() - start) / 1e6;
    add(name, took);
    return took;
  }

  private void add(String name, double millis) {
    times.computeIfAbsent(name, absent -> new ArrayList<>()).add(millis);
  }

  private void bar(String name, double ratio, String bar) {
    String key = name + " | " + bar;
    times.computeIfAbsent(key, absent -> new ArrayList<>()).add(ratio);
    if (!bars.contains(key)) {
      bars.add(key);
    }
  }

  private void print() {
    System.out.println("| ms | median | least | most |");
    System.out.println("|---|---:|---:|---:|");
    times.forEach(
        (name, all) -> {
          if (!bars.contains(name)) {
            System.out.println("| " + name + " | " + spread(all, 1));
          }
        });
    System.out.println();
    System.out.println("| ratio of times | bar | median | least | most |");
    System.out.println("|---|---:|---:|---:|---:|");
    for (String bar : bars) {
      System.out.println("| " + bar + " | " + spread(times.getOrDefault(bar, List.of()), 2));
    }
  }

  private static String spread(List<Double> all, int digits) {
    List<Double> sorted = all.stream().sorted().toList();
    String format = "%." + digits + "f";
    return String.format(
        Locale.ROOT,
        format + " | " + format + " | " + format + " |",
        sorted.get(sorted.size() / 2),
        sorted.getFirst(),
        sorted.getLast());
  }
}
