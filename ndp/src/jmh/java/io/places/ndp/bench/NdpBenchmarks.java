package io.places.ndp.bench;

import io.places.ndp.Compared;
import io.places.ndp.Ndp;
import io.places.ndp.NdpGroup;
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
  private final Map<String, List<Double>> losses = new LinkedHashMap<>(); // by input: the group's rate to the best
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
    try (NdpGroup none = NdpGroup.processes(0);
        NdpGroup one = NdpGroup.processes(1);
        NdpGroup two = NdpGroup.processes(2)) {
      for (int round = 1 - WARM_UP; round <= rounds; round++) {
        System.err.printf("round %d of %d%n", round, rounds);
        benchmarks.round(List.of(none, one, two), round > 0);
      }
    }
    benchmarks.print();
  }

  /**
   * @param groups of as many workers as their place says
   */
  private void round(List<NdpGroup> groups, boolean counts) throws IOException, InterruptedException {
    longs("10 M", TEN);
    doublesAndObjects();
    inputs();
    matrix();
    together(groups.get(1), TEN);
    for (int workers = 0; workers < groups.size(); workers++) {
      neverALoss(workers, groups.get(workers));
    }
    if (counts) {
      longs("50 M", FIFTY);
      together(groups.get(1), FIFTY);
    } else {
      times.clear();
      bars.clear();
      losses.clear();
    }
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
  private void together(NdpGroup group, int size) {
    String name = size / 1_000_000 + " M longs";
    long[] numbers = new SplittableRandom(7).longs(size).toArray();
    double jdk = time(name + ", Arrays.sort", numbers.clone(), Arrays::sort);
    for (boolean memory : new boolean[] {false, true}) {
      String way = memory ? "memory" : "TCP";
      double own =
          time(
              name + ", quicksort in two processes, " + way,
              numbers.clone(),
              array -> Compared.byComparisons(group, array, memory));
      bar(
          "%s, Arrays.sort to quicksort in two processes, %s".formatted(name, way),
          jdk / own,
          memory ? ">= 1.65" : ">= 1.5");
    }
    double bits = time(name + ", by bits, one thread", numbers.clone(), Compared::byBits);
    for (boolean memory : new boolean[] {false, true}) {
      String way = memory ? "memory" : "TCP";
      double own =
          time(
              name + ", by bits in two processes, " + way,
              numbers.clone(),
              array -> Compared.byBits(group, array, memory));
      bar("%s, by bits: one thread to two processes, %s".formatted(name, way), bits / own, "");
    }
  }

  private static final int[] SIZES = {1_000, 100_000, 1_000_000, TEN};

  /** What a group sorts, at its own choice, against the best that one process does. */
  private void neverALoss(int workers, NdpGroup group) {
    for (int size : SIZES) {
      SplittableRandom random = new SplittableRandom(8);
      Map<String, long[]> inputs = new LinkedHashMap<>();
      inputs.put("uniform", random.longs(size).toArray());
      inputs.put("sorted", IntStream.range(0, size).asLongStream().toArray());
      inputs.put("organ pipe", IntStream.range(0, size).mapToLong(i -> Math.min(i, size - i)).toArray());
      inputs.put("16 distinct", random.longs(size, 0, 16).toArray());
      inputs.forEach(
          (input, numbers) -> {
            double together = 0;
            double alone = 0;
            for (int i = 0; i < Math.max(2, 1_000_000 / size); i++) { // short ones often
              if (i % 2 == 0) { // who comes second sorts numbers that the processor knows already
                together += millis(numbers.clone(), group::sort);
                alone += millis(numbers.clone(), Ndp::sort);
              } else {
                alone += millis(numbers.clone(), Ndp::sort);
                together += millis(numbers.clone(), group::sort);
              }
            }
            losses
                .computeIfAbsent(
                    "%,d %s, %d workers".formatted(size, input, workers), absent -> new ArrayList<>())
                .add(alone / together);
          });
    }
  }

  private static <T> double millis(T argument, Consumer<T> work) {
    long start = System.nanoTime();
    work.accept(argument);
    return (System.nanoTime() - start) / 1e6;
  }

  private <T> double time(String name, T argument, Consumer<T> work) {
    double took = millis(argument, work);
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
    losses.entrySet().stream()
        .min(Comparator.comparingDouble(entry -> median(entry.getValue())))
        .ifPresent(
            least ->
                System.out.printf(
                    "| never a loss: the least of %d kinds, %s | >= 0.95 | %s%n",
                    losses.size(), least.getKey(), spread(least.getValue(), 2)));
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }

  private static String spread(List<Double> all, int digits) {
    List<Double> sorted = all.stream().sorted().toList();
    String format = "%." + digits + "f";
    return String.format(
        Locale.ROOT,
        format + " | " + format + " | " + format + " |",
        median(all),
        sorted.getFirst(),
        sorted.getLast());
  }
}
