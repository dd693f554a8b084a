package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.node.Node;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each collective operation, on 1 to 16 ranks, beside what a single thread computes. */
class CollectivesTest {
  /** Elements: none, few, odd, and about the bounds of 8 KiB and 64 KiB at which algorithms and links change. */
  private static final int[] COUNTS = {0, 1, 2, 13, 1_023, 1_024, 1_025, 8_191, 8_192, 8_193};

  /** About the bound of 512 KiB, and above it in pieces of which the last is short. */
  private static final int[] LONG_COUNTS = {65_535, 65_536, 65_537, 70_001};

  private static final int ATTEMPTS = 3;

  private static final EnumSet<Ranks> PROCESSES =
      EnumSet.range(Ranks.PROCESSES_MEMORY, Ranks.PROCESSES_CHANNEL);

  static Stream<Arguments> amongThreads() {
    return EnumSet.complementOf(PROCESSES).stream().flatMap(CollectivesTest::numbersOf);
  }

  /** Of {@link SizesTest}, which starts as many. */
  static Stream<Arguments> amongProcesses() {
    return PROCESSES.stream().flatMap(CollectivesTest::numbersOf);
  }

  private static Stream<Arguments> numbersOf(Ranks ranks) {
    return sizes(ranks).mapToObj(size -> Arguments.of(ranks, size));
  }

  /** All over each of the three links. */
  private static IntStream sizes(Ranks ranks) {
    return switch (ranks) {
      case ONE_NODE -> IntStream.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 16);
      case NODES_MEMORY, NODES_TCP, PROCESSES_MEMORY, PROCESSES_TCP -> IntStream.rangeClosed(1, 9);
      case PAIRS -> IntStream.rangeClosed(2, 9);
      case NODES_CHANNEL -> IntStream.of(2, 3, 5, 7, 9);
      case PROCESSES_CHANNEL -> IntStream.of(2, 3, 4, 9); // by the same code as NODES_CHANNEL
    };
  }

  /** The first, one in the middle, and the last. */
  private static int[] roots(Comm comm) {
    return IntStream.of(0, comm.size() / 2, comm.size() - 1).distinct().toArray();
  }

  private static double[] of(int rank, int count) {
    return repeating(i -> (rank + 1) * 1_000.0 + i, count);
  }

  /** Of the first ranks. */
  private static double[] sum(int ranks, int count) {
    double thousands = ranks * (ranks + 1) * 500.0;
    return repeating(i -> thousands + ranks * i, count); // nothing is rounded
  }

  /** Of a length that divides no part of a message. */
  private static double[] repeating(IntToDoubleFunction value, int count) {
    double[] first = new double[97];
    Arrays.setAll(first, value);
    return (double[]) Numbers.repeating(first, count);
  }

  private static void check(boolean holds, String what, int count) {
    if (!holds) {
      throw new AssertionError("%s of %d elements".formatted(what, count));
    }
  }

  private static void check(Object array, Object expected, String what, int count) {
    check(Objects.deepEquals(array, expected), what, count);
  }

  /** One job does all of it: to start it takes longer than most of these. */
  static final class Everything implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      Barriers.run(comm);
      for (int count : COUNTS) {
        for (int root : roots(comm)) {
          Rooted.trees(comm, count, root);
          Rooted.stars(comm, count, root);
        }
        Reductions.run(comm, count);
        Exchanges.run(comm, count);
      }
      for (int count : LONG_COUNTS) {
        Rooted.trees(comm, count, comm.size() - 1);
        Reductions.run(comm, count);
      }
      Rooted.trees(comm, 70_001, 0);
      Rooted.stars(comm, 70_001, comm.size() / 2);
      Exchanges.run(comm, 70_001);
      for (int more = -1; more <= 1; more++) {
        Exchanges.allgather(comm, 65_536 / comm.size() + more); // 512 KiB together
      }
      for (int root : roots(comm)) {
        Unequal.run(comm, root);
        Texts.run(comm, root);
      }
      List<String> wrong = new ArrayList<>();
      OperatorsTest.InOrder.functions(comm, ElementType.DOUBLE, wrong);
      check(wrong, List.of(), wrong + " not in order", comm.size());
      ElementType[] types = ElementType.values(); // each among some number of ranks
      InPlace.run(comm, types[comm.size() % types.length], 13);
      InPlace.run(comm, types[comm.size() % types.length], 30_000);
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource("amongThreads")
  void everyOperationGivesWhatASingleThreadComputes(Ranks ranks, int size) {
    assertThat(ranks.call(size, Everything.class, Boolean.class)).hasSize(size);
  }

  /** Each rank in its turn comes when all others have said that they are about to go in. */
  static final class Barriers {
    private static final long LATE_NANOS = 200_000;

    static void run(Comm comm) {
      for (int late = 0; late < comm.size(); late++) {
        if (comm.rank() == late) {
          for (int others = 1; others < comm.size(); others++) {
            comm.recv(Slice.of(new int[0]), Comm.ANY_SOURCE, late);
          }
          for (long end = System.nanoTime() + LATE_NANOS; System.nanoTime() < end; ) {
            Thread.onSpinWait();
          }
        } else {
          comm.send(new int[0], late, late);
        }
        long[] entered = {System.nanoTime()}; // of the system's clock, the same for all its processes
        comm.barrier();
        long[] left = {System.nanoTime()};
        comm.allreduce(Slice.of(entered), ArrayOp.MAX);
        comm.allreduce(Slice.of(left), ArrayOp.MIN);
        check(entered[0] <= left[0], "barrier with rank %d as the last".formatted(late), 0);
      }
    }
  }

  static final class Rooted {
    static void trees(Comm comm, int count, int root) {
      double[] data = of(comm.rank(), count);
      comm.bcast(Slice.of(data), root);
      check(Arrays.equals(data, of(root, count)), "bcast", count);

      data = of(comm.rank(), count);
      comm.reduce(Slice.of(data), ArrayOp.SUM, root);
      double[] reduced = comm.rank() == root ? sum(comm.size(), count) : of(comm.rank(), count);
      check(Arrays.equals(data, reduced), "reduce", count);
    }

    static void stars(Comm comm, int count, int root) {
      double[] expected = Exchanges.ofAll(comm, count);
      double[] all = new double[count * comm.size()];
      comm.gather(Slice.of(of(comm.rank(), count)), comm.rank() == root ? Slice.of(all) : null, root);
      check(comm.rank() != root || Arrays.equals(all, expected), "gather", count);

      double[] part = new double[count];
      comm.scatter(comm.rank() == root ? Slice.of(expected) : null, Slice.of(part), root);
      check(Arrays.equals(part, of(comm.rank(), count)), "scatter", count);
    }
  }

  static final class Reductions {
    static void run(Comm comm, int count) {
      int rank = comm.rank();
      double[] data = of(rank, count);
      comm.allreduce(Slice.of(data), ArrayOp.SUM);
      check(Arrays.equals(data, sum(comm.size(), count)), "allreduce", count);

      data = of(rank, count);
      comm.allreduce(Slice.of(data), ArrayOp.SUM.notCommutative());
      check(Arrays.equals(data, sum(comm.size(), count)), "allreduce in order", count);

      data = of(rank, count);
      comm.scan(Slice.of(data), ArrayOp.SUM);
      check(Arrays.equals(data, sum(rank + 1, count)), "scan", count);

      data = of(rank, count);
      comm.exscan(Slice.of(data), ArrayOp.SUM);
      check(Arrays.equals(data, rank == 0 ? of(0, count) : sum(rank, count)), "exscan", count);
    }
  }

  static final class Exchanges {
    /** One after the other. */
    static double[] ofAll(Comm comm, int count) {
      double[] all = new double[count * comm.size()];
      for (int r = 0; r < comm.size(); r++) {
        System.arraycopy(of(r, count), 0, all, r * count, count);
      }
      return all;
    }

    static void run(Comm comm, int count) {
      allgather(comm, count);
      alltoall(comm, count);
      reduceScatter(comm, count);
    }

    static void allgather(Comm comm, int count) {
      double[] all = new double[count * comm.size()];
      Arrays.fill(all, -1);
      comm.allgather(Slice.of(of(comm.rank(), count)), Slice.of(all));
      check(Arrays.equals(all, ofAll(comm, count)), "allgather", count);
    }

    private static void alltoall(Comm comm, int count) {
      ElementType type = ElementType.DOUBLE;
      Object out = Numbers.parts(type, comm.size(), count, to -> comm.rank() * 100L + to);
      Object all = new double[count * comm.size()];
      comm.alltoall(Slice.of(out), Slice.of(all));
      check(all, Numbers.parts(type, comm.size(), count, from -> from * 100L + comm.rank()), "alltoall", count);
    }

    private static void reduceScatter(Comm comm, int count) {
      int[] counts = new int[comm.size()];
      Arrays.setAll(counts, r -> r % 2 == 0 ? count : count / 2);
      int total = Arrays.stream(counts).sum();
      int before = Arrays.stream(counts, 0, comm.rank()).sum();
      double[] sum = Arrays.copyOfRange(sum(comm.size(), total), before, before + counts[comm.rank()]);
      for (ArrayOp op : List.of(ArrayOp.SUM, ArrayOp.SUM.notCommutative())) {
        double[] part = new double[sum.length];
        comm.reduceScatter(Slice.of(of(comm.rank(), total)), Slice.of(part), counts, op);
        check(Arrays.equals(part, sum), "reduceScatter", count);
      }
    }
  }

  /** Parts of any size: none, a very large one, then fewer and fewer; and with something between them. */
  static final class Unequal {
    private static final int GAP = 3;

    static void run(Comm comm, int root) {
      int rank = comm.rank();
      int size = comm.size();
      int[] counts = new int[size];
      Arrays.setAll(counts, r -> r == 0 ? 0 : r == 1 ? 20_000 : size - r);
      int[] offsets = offsets(counts);
      int[] mine = new int[counts[rank]];
      Arrays.fill(mine, rank);
      int[] expected = new int[offsets[size - 1] + counts[size - 1] + GAP];
      Arrays.fill(expected, -1);
      for (int r = 0; r < size; r++) {
        Arrays.fill(expected, offsets[r], offsets[r] + counts[r], r);
      }
      int[] all = new int[expected.length];
      Arrays.fill(all, -1);
      comm.allgatherv(Slice.of(mine), Slice.of(all), counts, offsets);
      check(Arrays.equals(all, expected), "allgatherv", all.length);
      Arrays.fill(all, -1);
      comm.gatherv(Slice.of(mine), Slice.of(all), counts, offsets, root);
      check(rank != root || Arrays.equals(all, expected), "gatherv", all.length);
      int[] part = new int[counts[rank]];
      comm.scatterv(Slice.of(expected), counts, offsets, Slice.of(part), root);
      check(Arrays.equals(part, mine), "scatterv", all.length);
      alltoallv(comm);
      reduceScatter(comm, counts);
    }

    private static void reduceScatter(Comm comm, int[] counts) {
      int total = Arrays.stream(counts).sum();
      int before = Arrays.stream(counts, 0, comm.rank()).sum();
      Object sum = Slice.of(sum(comm.size(), total), before, counts[comm.rank()]).toArray();
      for (ArrayOp op : List.of(ArrayOp.SUM, ArrayOp.SUM.notCommutative())) {
        double[] part = new double[counts[comm.rank()]];
        comm.reduceScatter(Slice.of(of(comm.rank(), total)), Slice.of(part), counts, op);
        check(part, sum, "reduceScatter of parts that differ", total);
      }
    }

    private static void alltoallv(Comm comm) {
      int rank = comm.rank();
      int size = comm.size();
      int[] outCounts = new int[size];
      int[] inCounts = new int[size];
      Arrays.setAll(outCounts, to -> between(rank, to, size));
      Arrays.setAll(inCounts, from -> between(from, rank, size));
      int[] outOffsets = offsets(outCounts);
      int[] inOffsets = offsets(inCounts);
      int[] out = new int[outOffsets[size - 1] + outCounts[size - 1] + GAP];
      int[] in = new int[inOffsets[size - 1] + inCounts[size - 1] + GAP];
      int[] expected = in.clone();
      for (int r = 0; r < size; r++) {
        Arrays.fill(out, outOffsets[r], outOffsets[r] + outCounts[r], rank * 100 + r + 1);
        Arrays.fill(expected, inOffsets[r], inOffsets[r] + inCounts[r], r * 100 + rank + 1);
      }
      comm.alltoallv(Slice.of(out), outCounts, outOffsets, Slice.of(in), inCounts, inOffsets);
      check(Arrays.equals(in, expected), "alltoallv", in.length);
    }

    /** What one rank has for another: nothing for the first, very much for one of them. */
    private static int between(int from, int to, int size) {
      return to == 0 ? 0 : from == size - 1 && to == 1 ? 20_000 : (size - from) * to;
    }

    private static int[] offsets(int[] counts) {
      int[] offsets = new int[counts.length];
      for (int i = 1; i < counts.length; i++) {
        offsets[i] = offsets[i - 1] + counts[i - 1] + GAP;
      }
      return offsets;
    }
  }

  /** Values of different length, which show the order in which they were combined. */
  static final class Texts {
    static void run(Comm comm, int root) {
      int rank = comm.rank();
      int size = comm.size();
      boolean isRoot = rank == root;
      List<String> all = IntStream.range(0, size).mapToObj(Texts::of).toList();
      String mine = all.get(rank);
      String joined = String.join("", all);
      String upToHere = String.join("", all.subList(0, rank + 1));
      String before = String.join("", all.subList(0, rank));
      check(comm.bcast(isRoot ? mine : null, root, String.class), all.get(root), "bcast of texts", size);
      check(comm.reduce(mine, String::concat, root).orElse("none"), isRoot ? joined : "none", "reduce of texts", size);
      check(comm.allreduce(mine, String::concat), joined, "allreduce of texts", size);
      check(comm.scan(mine, String::concat), upToHere, "scan of texts", size);
      check(comm.exscan(mine, String::concat).orElse("none"), rank == 0 ? "none" : before, "exscan of texts", size);
      check(comm.gather(mine, root), isRoot ? all : List.of(), "gather of texts", size);
      check(comm.scatter(isRoot ? all : List.of(), root, String.class), mine, "scatter of texts", size);
      check(comm.allgather(mine), all, "allgather of texts", size);
      List<String> came = comm.alltoall(all.stream().map(mine::concat).toList(), String.class);
      check(came, all.stream().map(each -> each + mine).toList(), "alltoall of texts", size);
    }

    private static String of(int rank) {
      return Character.toString('a' + rank).repeat(1 + rank * rank);
    }
  }

  static final class Values implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      String mine = Character.toString('a' + comm.rank());
      List<String> said = new ArrayList<>();
      comm.barrier();
      said.add(comm.bcast(comm.rank() == 1 ? mine : null, 1, String.class));
      Optional<String> reduced = comm.reduce(mine, String::concat, 2);
      said.add(reduced.orElse(""));
      said.add(comm.allreduce(mine, String::concat));
      said.add(comm.scan(mine, String::concat));
      said.add(comm.exscan(mine, String::concat).orElse(""));
      said.add(String.join("", comm.gather(mine, 0)));
      said.add(comm.scatter(comm.rank() == 0 ? List.of("v", "w", "x", "y", "z") : List.of(), 0, String.class));
      said.add(String.join("", comm.allgather(mine)));
      List<String> out = new ArrayList<>();
      for (int r = 0; r < comm.size(); r++) {
        out.add(mine + r);
      }
      said.add(String.join("", comm.alltoall(out, String.class)));
      said.add(comm.allreduce(new Located(comm.rank() % 2, comm.rank()), Located::max).toString());
      return String.join(" ", said);
    }
  }

  @ParameterizedTest
  @EnumSource
  void valuesAreCombinedAndKeptInTheOrderOfRanks(Ranks ranks) {
    String max = "Located[value=1.0, location=1]";
    assertThat(ranks.call(5, Values.class, String.class))
        .containsExactly(
            "b  abcde a  abcde v abcde a0b0c0d0e0 " + max,
            "b  abcde ab a  w abcde a1b1c1d1e1 " + max,
            "b abcde abcde abc ab  x abcde a2b2c2d2e2 " + max,
            "b  abcde abcd abc  y abcde a3b3c3d3e3 " + max,
            "b  abcde abcde abcd  z abcde a4b4c4d4e4 " + max);
  }

  static final class Sums implements RmpiFunction<Long> {
    @Override
    public Long call(Comm comm, String[] arguments) {
      double[] data = new double[Integer.parseInt(arguments[0])];
      Arrays.setAll(data, i -> 1.0 / (1 + comm.rank() + i * 0.7));
      comm.allreduce(Slice.of(data), ArrayOp.SUM);
      return Arrays.stream(data).mapToLong(Double::doubleToLongBits).reduce(7, (a, b) -> 31 * a + b);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sumsOfFractionsAreTheSameBitForBitOnEveryRankAndInEveryRun(Ranks ranks) {
    for (String count : List.of("5", "30000")) {
      List<Long> first = Ranks.ONE_NODE.call(5, Sums.class, Long.class, count);
      assertThat(ranks.call(5, Sums.class, Long.class, count)).isEqualTo(first);
      assertThat(first).containsOnly(first.get(0));
    }
  }

  /** Writes down what it is told, as a rank that fails has no result. */
  private static void tell(Comm comm, Path folder, Runnable calls) throws IOException {
    try {
      calls.run();
    } catch (RmpiException e) {
      Files.writeString(folder.resolve("told-" + comm.rank()), String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /**
   * What each rank is told by a job that fails. When that is known here the job's nodes end, perhaps before each rank has
   * written down what it was told: then it is run again.
   */
  private static List<String> toldOf(int ranks, Path folder, Consumer<String> fails) throws IOException {
    Path where = folder;
    for (int attempt = 0; attempt < ATTEMPTS && !haveAllTold(ranks, where); attempt++) {
      where = Files.createDirectory(folder.resolve("attempt-" + attempt));
      fails.accept(where.toString());
    }
    List<String> told = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      told.add(Files.readString(where.resolve("told-" + rank)));
    }
    return told;
  }

  private static boolean haveAllTold(int ranks, Path folder) throws IOException {
    for (int rank = 0; rank < ranks; rank++) {
      Path told = folder.resolve("told-" + rank);
      if (!Files.exists(told) || Files.size(told) == 0) {
        return false;
      }
    }
    return true;
  }

  static final class Mismatched implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws IOException {
      tell(
          comm,
          Path.of(arguments[0]),
          () -> {
            if (comm.rank() == comm.size() - 1) {
              comm.allreduce(Slice.of(new double[100]), ArrayOp.SUM);
            } else {
              comm.bcast(Slice.of(new double[3]), 0);
              comm.barrier();
            }
          });
    }
  }

  static Stream<Arguments> numbersThatDiffer() {
    return Arrays.stream(Ranks.values())
        .flatMap(
            ranks ->
                (PROCESSES.contains(ranks) ? IntStream.of(3) : IntStream.rangeClosed(2, 9))
                    .mapToObj(size -> Arguments.of(ranks, size)));
  }

  @ParameterizedTest
  @MethodSource("numbersThatDiffer")
  void ranksThatCallDifferentOperationsAreBothNamedToAll(Ranks ranks, int size, @TempDir Path folder)
      throws IOException {
    int odd = size - 1;
    List<String> told =
        toldOf(
            size,
            folder,
            where ->
                assertThatThrownBy(() -> launch(ranks, size, Mismatched.class, where))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("CollectiveMismatchException")
                    .hasMessageContaining("rank " + odd)
                    .hasMessageMatching(
                        "(?s).*call 1, (allreduce\\(double\\[\\] of 100, sum\\)|bcast\\(double\\[\\] of 3, root 0\\)).*"));
    assertThat(told)
        .allSatisfy(
            text ->
                assertThat(text)
                    .containsPattern("rank \\d is in call \\d, .*, rank \\d in call \\d, ")
                    .containsPattern("rank %d (is )?in call 1, allreduce\\(double\\[\\] of 100, sum\\)".formatted(odd))
                    .containsPattern(
                        "%s (is )?in call [12], (barrier\\(|bcast\\(double\\[\\] of 3, root 0\\))".formatted(but(odd))));
  }

  /** Matches any other rank. */
  private static String but(int rank) {
    return "rank (?!%d)\\d".formatted(rank);
  }

  private static void launch(Ranks ranks, int size, Class<? extends RmpiProgram> program, String... arguments) {
    try (Node node = Ranks.start()) {
      Rmpi.launch(ranks.options(), ranks.locations(node, size), program, arguments);
    }
  }

  /** What the last rank calls, and what the others do. */
  private static final Map<String, List<String>> CALLS =
      Map.of(
          "root", List.of("bcast(double[] of 3, root %d)", "bcast(double[] of 3, root 0)"),
          "count", List.of("allreduce(double[] of 4, sum)", "allreduce(double[] of 3, sum)"),
          "operator", List.of("allreduce(double[] of 3, max)", "allreduce(double[] of 3, sum)"),
          "type", List.of("bcast(int[] of 3, root 0)", "bcast(double[] of 3, root 0)"));

  static final class MismatchedParameters implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws IOException {
      boolean odd = comm.rank() == comm.size() - 1;
      tell(
          comm,
          Path.of(arguments[1]),
          () -> {
            switch (arguments[0]) {
              case "root" -> comm.bcast(Slice.of(new double[3]), odd ? comm.rank() : 0);
              case "count" -> comm.allreduce(Slice.of(new double[odd ? 4 : 3]), ArrayOp.SUM);
              case "operator" -> comm.allreduce(Slice.of(new double[3]), odd ? ArrayOp.MAX : ArrayOp.SUM);
              default -> comm.bcast(odd ? Slice.of(new int[3]) : Slice.of(new double[3]), 0);
            }
            comm.barrier();
          });
    }
  }

  static Stream<Arguments> parameters() {
    Stream<Arguments> processes = // and nine of them in SizesTest
        PROCESSES.stream()
            .flatMap(
                ranks ->
                    Stream.of(
                        Arguments.of(ranks, "root", 3),
                        Arguments.of(ranks, "count", 4),
                        Arguments.of(ranks, "operator", 5)));
    Stream<Arguments> threads =
        EnumSet.complementOf(PROCESSES).stream()
            .flatMap(
                ranks ->
                    IntStream.rangeClosed(2, 9)
                        .boxed()
                        .flatMap(size -> parameters(ranks, size).map(what -> Arguments.of(ranks, what, size))));
    return Stream.concat(processes, threads);
  }

  /** All with each number of ranks on one node; elsewhere each with two numbers, and the type with nine ranks, too. */
  private static Stream<String> parameters(Ranks ranks, int size) {
    List<String> all = List.of("root", "count", "operator", "type");
    if (ranks == Ranks.ONE_NODE) {
      return all.stream();
    }
    Stream<String> one = Stream.of(all.get(size % all.size()));
    return size == 9 ? Stream.concat(one, Stream.of("type")) : one;
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void ranksThatDifferInTheRootTheCountTheOperatorOrTheTypeAreBothNamedToAll(
      Ranks ranks, String what, int size, @TempDir Path folder) throws IOException {
    assertThatBothAreNamedToAll(ranks, what, size, folder);
  }

  static void assertThatBothAreNamedToAll(Ranks ranks, String what, int size, Path folder) throws IOException {
    List<String> told =
        toldOf(
            size,
            folder,
            where ->
                assertThatThrownBy(() -> launch(ranks, size, MismatchedParameters.class, what, where))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("CollectiveMismatchException")
                    .hasMessageMatching("(?s).*rank \\d is in call \\d, .*, rank \\d in call \\d, .*"));
    int odd = size - 1;
    List<String> calls = CALLS.getOrDefault(what, List.of());
    String oddCall = calls.get(0).formatted(odd);
    for (String text : told) {
      if (what.equals("root")) { // told at the next call, by one of the two that has a message too many
        assertThat(text).contains("rank " + odd).containsAnyOf(oddCall, calls.get(1));
      } else {
        assertThat(text)
            .containsPattern("rank %d (is )?in call 1, ".formatted(odd) + Pattern.quote(oddCall))
            .containsPattern(but(odd) + " (is )?in call 1, " + Pattern.quote(calls.get(1)));
      }
    }
  }

  static final class MismatchedParts implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int each = comm.rank() == 1 ? 2 : 3; // and not as many as the others say
      try {
        comm.gatherv(
            Slice.of(new int[each]), Slice.of(new int[9]), new int[] {3, 3, 3}, new int[] {0, 3, 6}, 0);
      } catch (MismatchException e) {
        comm.barrier();
        return String.valueOf(e.getMessage());
      }
      comm.barrier();
      return "";
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPartThatIsSmallerThanTheReceiverSaysIsRefused(Ranks ranks) {
    assertThat(ranks.call(3, MismatchedParts.class, String.class))
        .containsExactly(
            "rank 0 receives int[] of 3 from rank 1 in call 1, gatherv(int[], root 0), which has sent int[] of 2;"
                + " the message is dropped",
            "",
            "");
  }

  /** What is given may lie where the result goes, of every type. */
  static final class InPlace implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      for (ElementType type : ElementType.values()) {
        run(comm, type, 1);
        run(comm, type, 30_000);
      }
      for (int count : new int[] {0, 13, 1_025}) {
        run(comm, ElementType.LONG, count);
      }
      return true;
    }

    static void run(Comm comm, ElementType type, int count) {
      new InPlace.Of(comm, type, count).run();
    }

    /** One part for each rank. */
    private record Of(Comm comm, ElementType type, int count) {
      void run() {
        alltoall();
        if (comm.size() > 1 && count > 0) {
          sendrecv();
        }
        gather();
        scatter();
        reduceScatter();
      }

      private Object parts(IntToLongFunction ofPart) {
        return Numbers.parts(type, comm.size(), count, ofPart);
      }

      /** What this rank has for each. */
      private Object mine() {
        return parts(to -> 10L * comm.rank() + to);
      }

      private Slice ownPart(Object all) {
        return Slice.of(all, comm.rank() * count, count);
      }

      private int[] counts() {
        int[] counts = new int[comm.size()];
        Arrays.fill(counts, count);
        return counts;
      }

      private int[] offsets() {
        return IntStream.range(0, comm.size()).map(r -> r * count).toArray();
      }

      private void alltoall() {
        Object theirs = parts(from -> 10L * from + comm.rank());
        Object all = mine();
        comm.alltoall(Slice.of(all), Slice.of(all));
        check(all, theirs, "alltoall", count);
        all = mine();
        comm.alltoallv(Slice.of(all), counts(), offsets(), Slice.of(all), counts(), offsets());
        check(all, theirs, "alltoallv", count);
        Slice mine = Slice.of(mine());
        Slice outside = Slice.of(Arena.ofAuto().allocate(mine.bytes()), type);
        mine.copyTo(outside);
        comm.alltoall(outside, outside);
        check(outside.toArray(), theirs, "alltoall outside", count);
      }

      private void sendrecv() {
        int size = comm.size();
        Object all = parts(part -> comm.rank());
        int next = (comm.rank() + 1) % size;
        int previous = (comm.rank() + size - 1) % size;
        Slice block = Slice.of(all).subarray(new int[] {size, count}, new int[] {1, 0}, new int[] {size - 1, count});
        comm.sendrecv(block, next, 0, block, previous, 0);
        check(all, parts(part -> part == 0 ? comm.rank() : previous), "sendrecv of a block", count);
        comm.sendrecv(block, previous, 0, block, next, 0);
        comm.sendrecv(all, next, 0, Slice.of(all), previous, 0);
        comm.sendrecv(Slice.of(all), previous, 0, Slice.of(all), next, 0);
        check(all, parts(part -> comm.rank()), "sendrecv there and back", count);
      }

      private void gather() {
        int rank = comm.rank();
        int last = comm.size() - 1;
        Object own = parts(part -> rank);
        Object ofAll = parts(part -> part);
        Object all = parts(part -> rank);
        comm.gather(Slice.of(all, 0, count), Slice.of(all), last); // where the first one's goes
        check(all, rank == last ? ofAll : own, "gather", count);
        all = parts(part -> rank);
        comm.gather(ownPart(all), Slice.of(all), last);
        check(all, rank == last ? ofAll : own, "gather of parts in place", count);
        all = parts(part -> rank);
        comm.gatherv(ownPart(all), Slice.of(all), counts(), offsets(), 0);
        check(all, rank == 0 ? ofAll : own, "gatherv", count);
        all = parts(part -> rank);
        comm.allgather(ownPart(all), Slice.of(all));
        check(all, ofAll, "allgather", count);
        all = parts(part -> rank);
        comm.allgatherv(ownPart(all), Slice.of(all), counts(), offsets());
        check(all, ofAll, "allgatherv", count);
      }

      private void scatter() {
        int rank = comm.rank();
        int root = comm.size() / 2;
        Object expected = parts(part -> part == rank ? 10L * root + rank : 10L * rank + part);
        Object all = mine();
        comm.scatter(Slice.of(all), ownPart(all), root);
        check(all, expected, "scatter", count);
        all = mine();
        comm.scatterv(Slice.of(all), counts(), offsets(), ownPart(all), root);
        check(all, expected, "scatterv", count);
        all = mine();
        int next = (rank + 1) % comm.size();
        comm.scatter(Slice.of(all), Slice.of(all, next * count, count), root);
        expected = parts(part -> part == next ? 10L * root + rank : 10L * rank + part);
        check(all, expected, "scatter to where the next one's is", count);
      }

      private void reduceScatter() {
        Object sum = Numbers.parts(type, 1, count, any -> (long) comm.rank() * comm.size());
        for (ArrayOp op : List.of(ArrayOp.SUM, ArrayOp.SUM.notCommutative())) {
          Slice all = Slice.of(parts(part -> part));
          comm.reduceScatter(all, all.slice(0, count), counts(), op);
          check(all.slice(0, count).toArray(), sum, "reduceScatter", count);
          all = Slice.of(parts(part -> part));
          Slice own = all.slice(comm.rank() * count, count);
          comm.reduceScatter(all, own, counts(), op);
          check(own.toArray(), sum, "reduceScatter of parts in place", count);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGivenMayLieWhereTheResultGoes(Ranks ranks) {
    assertThat(ranks.call(3, InPlace.class, Boolean.class)).hasSize(3);
  }

  /** Of 16 MiB and one element together. */
  static final class VeryLong implements RmpiFunction<Boolean> {
    private static final int COUNT = (16 << 20) / Double.BYTES + 1;

    @Override
    public Boolean call(Comm comm, String[] arguments) {
      Rooted.trees(comm, COUNT, 1);
      double[] data = of(comm.rank(), COUNT);
      comm.allreduce(Slice.of(data), ArrayOp.SUM);
      check(data, sum(comm.size(), COUNT), "allreduce", COUNT);
      Exchanges.allgather(comm, COUNT / comm.size());
      Exchanges.alltoall(comm, COUNT / comm.size());
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void arraysOfSixteenMebibytesComeOutRightToo(Ranks ranks) {
    assertThat(ranks.call(3, VeryLong.class, Boolean.class)).hasSize(3);
  }

  /** Of six, and one rank more; of {@link SizesTest}, which starts as many. */
  static final class Grid implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      Optional<Cartesian> grid = comm.cartesian(new int[] {2, 3}, new boolean[] {false, true});
      if (grid.isEmpty()) {
        return "out";
      }
      Cartesian here = grid.get();
      Cartesian.Shift down = here.shift(0, 1);
      Cartesian.Shift right = here.shift(1, 1);
      Cartesian row = here.sub(false, true);
      int sum = row.comm().allreduce(here.comm().rank(), Integer::sum);
      Cartesian.Shift left = here.shift(1, -1);
      Cartesian.Shift twoOn = here.shift(1, 2); // in a ring of three as one back
      check(left.equals(opposite(right)), "shift by -1", 3);
      check(twoOn.equals(left), "shift by 2", 3);
      check(here.shift(0, -1).equals(opposite(down)), "shift by -1", 2);
      check(here.shift(0, 2).equals(new Cartesian.Shift(Comm.PROC_NULL, Comm.PROC_NULL)), "shift by 2", 2);
      int[] in = {-1};
      here.comm().sendrecv(new int[] {here.comm().rank()}, twoOn.destination(), 0, Slice.of(in), twoOn.source(), 0);
      check(in[0] == twoOn.source(), "what comes from two behind", 1);
      in[0] = -1;
      Cartesian.Shift up = here.shift(0, -1);
      here.comm().sendrecv(new int[] {here.comm().rank()}, up.destination(), 0, Slice.of(in), up.source(), 0);
      check(in[0] == (up.source() == Comm.PROC_NULL ? -1 : up.source()), "what comes from below", 1);
      return "%s %d>%d %d>%d %d"
          .formatted(
              Arrays.toString(here.coordinates()),
              down.source(), down.destination(), right.source(), right.destination(), sum);
    }

    private static Cartesian.Shift opposite(Cartesian.Shift of) {
      return new Cartesian.Shift(/* source= */ of.destination(), /* destination= */ of.source());
    }
  }
}
