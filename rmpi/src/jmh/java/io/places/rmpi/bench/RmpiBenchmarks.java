package io.places.rmpi.bench;

import io.places.rmpi.bench.RankBench.Operation;
import io.places.rmpi.bench.RankBench.Order;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Ranks beside OpenMPI's: in each round every case of both, one right after the other, each round in new JVMs.
 * Prints medians over the rounds, and ratios, each taken within a pair.
 *
 * <p>The two cores of a virtual machine are near each other or far, and that changes: it is measured before
 * and after each pair, and a pair in which it changed is measured again.
 */
public final class RmpiBenchmarks {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** Nanoseconds for a line of memory from core to core: seen are 30 to 60, and 170 to 2,000. */
  private static final double FAR = 100;

  private static final int REPEATS = 2;
  private static final double MEASURED = 0.15;
  private static final double IDLE = 3;

  /** What takes long and varies little is left out of later rounds. */
  private static final int LONG_ROUNDS = 3;

  /** For what has no bar. */
  private static final double NONE = Double.NaN;

  /** What a program of C and MPI reaches with 2 ranks of shared memory: NPB 3.4, -O3, OpenMPI 4.1. */
  private static final Map<String, Double> NAS = Map.of("IS", 508.0, "CG", 3_618.0);

  private record Case(RankJob.Kind kind, Operation operation, int bytes) {
    @Override
    public String toString() {
      String size =
          bytes >= MIB ? bytes / MIB + " MiB" : bytes >= KIB ? bytes / KIB + " KiB" : bytes + " B";
      return "%s: %s%s".formatted(kind, name(), bytes == 0 ? "" : " of " + size);
    }

    private String name() {
      return switch (operation) {
        case HALF -> "half round trip";
        case SHARED -> "half round trip, allocateShared,";
        case STREAM -> "stream, 64 in flight";
        case ARRAYS -> "one way";
        case IDLE -> "idle";
        default -> operation.name().toLowerCase(Locale.ROOT);
      };
    }

    double bar() {
      boolean tcp = kind.isTcp();
      return switch (operation) {
        case HALF -> tcp ? bytes == 8 ? 1.1 : bytes == 64 * KIB ? 1.6 : 2 : bytes == 8 ? 1 : 1.5;
        case SHARED -> 0.6;
        case STREAM -> 0.3;
        case ARRAYS -> 1.5;
        default -> 2;
      };
    }
  }

  /**
   * One measurement of both.
   *
   * @param before the distance of the cores, in nanoseconds
   */
  private record Pair(double theirs, double ours, double before, double after) {
    boolean straddles() {
      return before < FAR != after < FAR;
    }

    double ratio() {
      return ours / theirs;
    }
  }

  /**
   * What is not measured beside OpenMPI.
   *
   * @param bar NaN if there is none
   */
  private record Alone(double bar, List<Double> figures) {}

  private final Path programs;
  private final List<String> which;
  private final Map<Case, List<Pair>> pairs = new LinkedHashMap<>();
  private final Map<String, Alone> alone = new LinkedHashMap<>();

  private RmpiBenchmarks(Path programs, List<String> which) {
    this.programs = programs;
    this.which = which;
  }

  /**
   * Runs and prints.
   *
   * @param arguments the folder of the C programs, how many rounds (default 5), and which kinds of jobs
   *     ({@code TCP_2}), operations of them ({@code TCP_2:HALF}), or {@code NAS} (default: all)
   */
  public static void main(String[] arguments) throws Exception {
    long start = System.nanoTime();
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    List<String> which = Arrays.stream(arguments).skip(2).toList();
    Set<RankJob.Kind> kinds = EnumSet.allOf(RankJob.Kind.class);
    kinds.removeIf(
        kind -> !which.isEmpty() && which.stream().noneMatch(each -> each.startsWith(kind.name())));
    var benchmarks = new RmpiBenchmarks(Path.of(arguments[0]), which);
    for (int round = 1; round <= rounds; round++) {
      System.err.printf("round %d of %d%n", round, rounds);
      boolean isLong = round <= LONG_ROUNDS;
      for (RankJob.Kind kind : kinds) {
        benchmarks.run(kind, isLong);
      }
      if (isLong && (which.isEmpty() || which.contains("NAS"))) {
        benchmarks.nas("IS");
        benchmarks.nas("CG");
      }
    }
    benchmarks.print();
    System.out.printf("%nIt took %.0f minutes.%n", (System.nanoTime() - start) / 60e9);
    System.exit(0);
  }

  private void run(RankJob.Kind kind, boolean isLong) throws IOException, InterruptedException {
    try (RankJob job = new RankJob(kind)) {
      warmUp(job, kind);
      if (!kind.processes) {
        alone(kind + ": half round trip of 8 B, us", job.run(order(new Case(kind, Operation.HALF, 8))), 1);
        double array = job.run(order(new Case(kind, Operation.HALF, MIB)));
        alone(kind + ": half round trip of 1 MiB, us", array, NONE);
        alone(kind + ": the same to one copy of 1 MiB in one thread", array / copy(), 1);
        return;
      }
      for (Case each : cases(kind).stream().filter(this::isWanted).toList()) {
        Pair pair = pair(job, each);
        for (int i = 0; i < REPEATS && pair.straddles(); i++) {
          pair = pair(job, each);
        }
        pairs.computeIfAbsent(each, any -> new ArrayList<>()).add(pair);
        System.err.printf(
            "%-50s %10.2f %10.2f us  %.2f  cores %.0f, %.0f ns%n",
            each, pair.theirs(), pair.ours(), pair.ratio(), pair.before(), pair.after());
      }
      if (isLong && (which.isEmpty() || which.contains(kind.name()))) {
        Order idle = new Order(Operation.IDLE, 0, 0, IDLE);
        alone(kind + ": blocked in recv, % of a core each", job.run(idle), 1);
      }
    }
  }

  /** For the compilers, which have as many ranks to compile for as there are, on the same processors. */
  private static void warmUp(RankJob job, RankJob.Kind kind) throws IOException {
    if (kind.ranks == 2) {
      job.run(new Order(Operation.HALF, 8, 2, MEASURED));
    } else {
      job.run(new Order(Operation.ALLTOALL, 8, 4, MEASURED));
      job.run(new Order(Operation.ALLTOALL, 64 * KIB, 2, MEASURED));
    }
  }

  private boolean isWanted(Case each) {
    String kind = each.kind().name();
    return which.isEmpty() || which.contains(kind) || which.contains(kind + ":" + each.operation());
  }

  private static List<Case> cases(RankJob.Kind kind) {
    List<Case> cases = new ArrayList<>();
    if (kind.ranks == 2) {
      for (int bytes : new int[] {8, 64 * KIB, MIB}) {
        cases.add(new Case(kind, Operation.HALF, bytes));
      }
      if (kind == RankJob.Kind.TCP_2) {
        cases.add(new Case(kind, Operation.STREAM, 8));
      } else {
        cases.add(new Case(kind, Operation.HALF, 16 * MIB));
        for (int bytes : new int[] {64 * KIB, MIB, 16 * MIB}) {
          cases.add(new Case(kind, Operation.SHARED, bytes));
        }
        cases.add(new Case(kind, Operation.ARRAYS, MIB));
      }
    }
    cases.add(new Case(kind, Operation.BARRIER, 0));
    for (Operation operation :
        List.of(Operation.BCAST, Operation.ALLREDUCE, Operation.ALLGATHER, Operation.ALLTOALL)) {
      for (int bytes : new int[] {8, 64 * KIB, MIB}) {
        cases.add(new Case(kind, operation, bytes));
      }
    }
    return cases;
  }

  private Pair pair(RankJob job, Case each) throws IOException, InterruptedException {
    double before = distance();
    double theirs = openMpi(each);
    double ours = job.run(order(each));
    return new Pair(theirs, ours, before, distance());
  }

  /** Small ones first, so that what they all do is compiled when the large ones come. */
  private static Order order(Case each) {
    double warmUp = each.bytes() <= 8 ? 1 : 0.5;
    return new Order(each.operation(), each.bytes(), warmUp * each.kind().ranks / 2, MEASURED);
  }

  private double distance() throws IOException, InterruptedException {
    return number(programs.resolve("core_distance").toString());
  }

  private double openMpi(Case each) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "-n", "" + each.kind().ranks));
    command.addAll(List.of("--mca", "btl", each.kind().openMpi));
    if (each.kind().ranks > Runtime.getRuntime().availableProcessors()) {
      command.addAll(List.of("--mca", "mpi_yield_when_idle", "1"));
    }
    command.add(programs.resolve("mpi_bench").toString());
    Operation theirs = each.operation() == Operation.SHARED ? Operation.HALF : each.operation();
    command.addAll(
        List.of(theirs.name().toLowerCase(Locale.ROOT), "" + each.bytes(), "" + MEASURED));
    return number(command.toArray(String[]::new));
  }

  private static double number(String... command) throws IOException, InterruptedException {
    return Double.parseDouble(output(command).getLast());
  }

  private static List<String> output(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    try (BufferedReader output = process.inputReader()) {
      List<String> lines = output.lines().toList();
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0 || lines.isEmpty()) {
        throw new IOException("%s has failed: %s".formatted(String.join(" ", command), lines));
      }
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }

  private void nas(String name) throws IOException, InterruptedException {
    String prefix = "million operations a second: ";
    for (String line : output("./places", "example", "nas", name, "--class", "A", "-n", "2", "--processes")) {
      if (line.startsWith(prefix)) {
        double ours = Double.parseDouble(line.substring(prefix.length()));
        alone("NAS %s A, 2 processes, time to NPB's".formatted(name), NAS.getOrDefault(name, 0.0) / ours, 2);
      }
    }
  }

  private static double copy() {
    double[] from = new double[MIB / Double.BYTES];
    double[] to = new double[from.length];
    double[] micros = new double[501];
    for (int i = 0; i < micros.length; i++) {
      long start = System.nanoTime();
      System.arraycopy(from, 0, to, 0, from.length);
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    return quantile(micros, 0.5);
  }

  private void alone(String what, double figure, double bar) {
    alone.computeIfAbsent(what, any -> new Alone(bar, new ArrayList<>())).figures().add(figure);
    System.err.printf("%-60s %.3f%n", what, figure);
  }

  private void print() {
    System.out.println("| | OpenMPI us | ours us | ratio | lowest | highest | bar | cores near, far, changing |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---|");
    pairs.forEach(
        (each, all) -> {
          double[] ratios = all.stream().mapToDouble(Pair::ratio).toArray();
          double ratio = quantile(ratios, 0.5);
          String mark = ratio > each.bar() ? "**" : "";
          System.out.printf(
              "| %s | %.2f | %.2f | %s%.2f%s | %.2f | %.2f | %s | %d, %d, %d |%n",
              each,
              quantile(all.stream().mapToDouble(Pair::theirs).toArray(), 0.5),
              quantile(all.stream().mapToDouble(Pair::ours).toArray(), 0.5),
              mark,
              ratio,
              mark,
              quantile(ratios, 0),
              quantile(ratios, 1),
              each.bar(),
              all.stream().filter(pair -> pair.before() < FAR && pair.after() < FAR).count(),
              all.stream().filter(pair -> pair.before() >= FAR && pair.after() >= FAR).count(),
              all.stream().filter(Pair::straddles).count());
        });
    System.out.println();
    System.out.println("| | median | lowest | highest | bar | rounds |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    alone.forEach(
        (what, all) -> {
          double[] figures = all.figures().stream().mapToDouble(Double::doubleValue).toArray();
          double median = quantile(figures, 0.5);
          String mark = median >= all.bar() ? "**" : "";
          System.out.printf(
              "| %s | %s%.2f%s | %.2f | %.2f | %s | %d |%n",
              what,
              mark,
              median,
              mark,
              quantile(figures, 0),
              quantile(figures, 1),
              Double.isNaN(all.bar()) ? "–" : all.bar(),
              figures.length);
        });
  }

  private static double quantile(double[] figures, double part) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(part * (sorted.length - 1))];
  }
}
