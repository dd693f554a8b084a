package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each collective operation, on 1 to 16 ranks, beside what a single thread computes. */
class CollectivesTest {
  /** Elements: none, few, odd, and about the bounds at which algorithms change. */
  private static final int[] COUNTS = {0, 1, 2, 13, 1_023, 1_024, 1_025, 8_191, 8_193, 70_001};

  static Stream<Arguments> everywhere() {
    return Arrays.stream(Ranks.values())
        .flatMap(
            ranks ->
                sizes(ranks).mapToObj(size -> Arguments.of(ranks, size)));
  }

  /** All where that costs little; else those about powers of two, where algorithms differ. */
  private static IntStream sizes(Ranks ranks) {
    return switch (ranks) {
      case ONE_NODE -> IntStream.of(1, 2, 3, 4, 5, 7, 8, 9, 16);
      case NODES_MEMORY, NODES_TCP -> IntStream.of(2, 3, 4, 7, 8, 9);
      case PROCESSES_MEMORY, PROCESSES_TCP -> IntStream.of(2, 3, 4, 9);
      case NODES_CHANNEL, PAIRS -> IntStream.of(3, 5);
    };
  }

  private static double[] of(int rank, int count) {
    double[] data = new double[count];
    Arrays.setAll(data, i -> (rank + 1) * 1_000.0 + i % 97);
    return data;
  }

  private static double sum(int size, int i) {
    double sum = 0;
    for (int rank = 0; rank < size; rank++) {
      sum += (rank + 1) * 1_000.0 + i % 97;
    }
    return sum;
  }

  private static void check(boolean holds, String what, int count) {
    if (!holds) {
      throw new AssertionError("%s of %d elements".formatted(what, count));
    }
  }

  static final class Arrays1 implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      int size = comm.size();
      int rank = comm.rank();
      for (int count : COUNTS) {
        for (int root = 0; root < size; root += Math.max(1, size - 1)) {
          double[] data = of(rank, count);
          comm.bcast(Slice.of(data), root);
          check(Arrays.equals(data, of(root, count)), "bcast", count);

          data = of(rank, count);
          comm.reduce(Slice.of(data), ArrayOp.SUM, root);
          for (int i = 0; i < count; i++) {
            double expected = rank == root ? sum(size, i) : (rank + 1) * 1_000.0 + i % 97;
            check(data[i] == expected, "reduce", count);
          }
        }
        double[] data = of(rank, count);
        comm.allreduce(Slice.of(data), ArrayOp.SUM);
        for (int i = 0; i < count; i++) {
          check(data[i] == sum(size, i), "allreduce", count);
        }
        data = of(rank, count);
        comm.scan(Slice.of(data), ArrayOp.SUM);
        for (int i = 0; i < count; i++) {
          check(data[i] == sum(rank + 1, i), "scan", count);
        }
        data = of(rank, count);
        comm.exscan(Slice.of(data), ArrayOp.SUM);
        for (int i = 0; i < count; i++) {
          check(data[i] == (rank == 0 ? 1_000.0 + i % 97 : sum(rank, i)), "exscan", count);
        }
      }
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void broadcastsReductionsAndScans(Ranks ranks, int size) {
    assertThat(ranks.call(size, Arrays1.class, Boolean.class)).hasSize(size);
  }

  static final class Arrays2 implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      int size = comm.size();
      int rank = comm.rank();
      for (int count : COUNTS) {
        double[] expected = new double[count * size];
        for (int r = 0; r < size; r++) {
          System.arraycopy(of(r, count), 0, expected, r * count, count);
        }
        int root = size / 2;
        double[] all = new double[count * size];
        comm.gather(Slice.of(of(rank, count)), rank == root ? Slice.of(all) : null, root);
        check(rank != root || Arrays.equals(all, expected), "gather", count);

        double[] part = new double[count];
        comm.scatter(rank == root ? Slice.of(expected) : null, Slice.of(part), root);
        check(Arrays.equals(part, of(rank, count)), "scatter", count);

        Arrays.fill(all, -1);
        comm.allgather(Slice.of(of(rank, count)), Slice.of(all));
        check(Arrays.equals(all, expected), "allgather", count);

        double[] out = new double[count * size];
        for (int r = 0; r < size; r++) {
          Arrays.fill(out, r * count, (r + 1) * count, rank * 100 + r);
        }
        comm.alltoall(Slice.of(out), Slice.of(all));
        for (int i = 0; i < all.length; i++) {
          check(all[i] == i / count * 100 + rank, "alltoall", count);
        }
        reduceScatter(comm, count);
      }
      return true;
    }

    private static void reduceScatter(Comm comm, int count) {
      int[] counts = new int[comm.size()];
      Arrays.setAll(counts, r -> r % 2 == 0 ? count : count / 2);
      int total = Arrays.stream(counts).sum();
      int before = Arrays.stream(counts, 0, comm.rank()).sum();
      for (ArrayOp op : List.of(ArrayOp.SUM, ArrayOp.SUM.notCommutative())) {
        double[] part = new double[counts[comm.rank()]];
        comm.reduceScatter(Slice.of(of(comm.rank(), total)), Slice.of(part), counts, op);
        for (int i = 0; i < part.length; i++) {
          check(part[i] == sum(comm.size(), before + i), "reduceScatter", count);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void gathersScattersAndExchanges(Ranks ranks, int size) {
    assertThat(ranks.call(size, Arrays2.class, Boolean.class)).hasSize(size);
  }

  static final class Unequal implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int size = comm.size();
      int rank = comm.rank();
      int[] counts = new int[size];
      Arrays.setAll(counts, r -> r == 0 ? 0 : r == 1 ? 20_000 : size - r);
      int[] offsets = new int[size];
      for (int r = 1; r < size; r++) {
        offsets[r] = offsets[r - 1] + counts[r - 1];
      }
      int[] mine = new int[counts[rank]];
      Arrays.fill(mine, rank);
      int[] all = new int[offsets[size - 1] + counts[size - 1]];
      comm.allgatherv(Slice.of(mine), Slice.of(all), counts, offsets);
      int[] expected = all.clone();
      Arrays.fill(all, -1);
      comm.gatherv(Slice.of(mine), Slice.of(all), counts, offsets, 0);
      check(rank > 0 || Arrays.equals(all, expected), "gatherv", all.length);
      int[] part = new int[counts[rank]];
      comm.scatterv(Slice.of(expected), counts, offsets, Slice.of(part), 0);
      check(Arrays.equals(part, mine), "scatterv", all.length);

      int[] outCounts = new int[size];
      Arrays.setAll(outCounts, r -> r); // each sends r elements to rank r
      int[] outOffsets = new int[size];
      int[] inCounts = new int[size];
      Arrays.fill(inCounts, rank);
      int[] inOffsets = new int[size];
      for (int r = 1; r < size; r++) {
        outOffsets[r] = outOffsets[r - 1] + outCounts[r - 1];
        inOffsets[r] = inOffsets[r - 1] + inCounts[r - 1];
      }
      int[] out = new int[size * (size - 1) / 2];
      Arrays.fill(out, rank);
      int[] in = new int[size * rank];
      comm.alltoallv(Slice.of(out), outCounts, outOffsets, Slice.of(in), inCounts, inOffsets);
      for (int i = 0; i < in.length; i++) {
        check(in[i] == i / rank, "alltoallv", in.length);
      }
      return IntStream.of(expected).distinct().boxed().toList().toString();
    }
  }

  @ParameterizedTest
  @EnumSource
  void partsMayBeOfAnySizeAndEmpty(Ranks ranks) {
    assertThat(ranks.call(5, Unequal.class, String.class))
        .isEqualTo(Collections.nCopies(5, "[1, 2, 3, 4]"));
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

  static final class Mismatched implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      if (comm.rank() == 2) {
        comm.allreduce(Slice.of(new double[100]), ArrayOp.SUM);
      } else {
        comm.bcast(Slice.of(new double[3]), 0);
        comm.barrier();
      }
      return "";
    }
  }

  @ParameterizedTest
  @EnumSource
  void ranksThatCallDifferentOperationsAreBothNamed(Ranks ranks) {
    assertThatThrownBy(() -> ranks.call(3, Mismatched.class, String.class))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("CollectiveMismatchException")
        .hasMessageContaining("rank 2")
        .hasMessageMatching("(?s).*call 1, (allreduce\\(double\\[\\] of 100, sum\\)|bcast\\(double\\[\\] of 3, root 0\\)).*");
  }

  static final class MismatchedParameters implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      boolean odd = comm.rank() == 2;
      switch (arguments[0]) {
        case "root" -> comm.bcast(Slice.of(new double[3]), odd ? 2 : 0);
        case "count" -> comm.allreduce(Slice.of(new double[odd ? 4 : 3]), ArrayOp.SUM);
        case "operator" -> comm.allreduce(Slice.of(new double[3]), odd ? ArrayOp.MAX : ArrayOp.SUM);
        default -> comm.bcast(odd ? Slice.of(new int[3]) : Slice.of(new double[3]), 0);
      }
      comm.barrier();
      return "";
    }
  }

  static Stream<Arguments> parameters() {
    return Arrays.stream(Ranks.values())
        .flatMap(ranks -> Stream.of("root", "count", "operator", "type").map(what -> Arguments.of(ranks, what)));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void ranksThatDifferInTheRootTheCountTheOperatorOrTheTypeAreBothNamed(Ranks ranks, String what) {
    assertThatThrownBy(() -> ranks.call(3, MismatchedParameters.class, String.class, what))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("CollectiveMismatchException")
        .hasMessageMatching("(?s).*rank \\d is in call \\d, .*, rank \\d in call \\d, .*");
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

  /** What is given may lie where the result goes; short and long. */
  static final class InPlace implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      int size = comm.size();
      int rank = comm.rank();
      for (int count : new int[] {1, 30_000}) {
        long[] all = new long[size * count];
        Arrays.setAll(all, i -> 100L * rank + i / count);
        comm.alltoall(Slice.of(all), Slice.of(all));
        for (int i = 0; i < all.length; i++) {
          check(all[i] == i / count * 100L + rank, "alltoall", count);
        }
        MemorySegment memory = Arena.ofAuto().allocate((long) Long.BYTES * all.length);
        Slice outside = Slice.of(memory, ElementType.LONG);
        Arrays.setAll(all, i -> 100L * rank + i / count);
        Slice.of(all).copyTo(outside);
        comm.alltoall(outside, outside);
        for (int i = 0; i < all.length; i++) {
          check(memory.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i) == i / count * 100L + rank, "alltoall outside", count);
        }
        Arrays.fill(all, rank);
        int next = (rank + 1) % size;
        int previous = (rank + size - 1) % size;
        Slice block = Slice.of(all).subarray(new int[] {size, count}, new int[] {1, 0}, new int[] {size - 1, count});
        comm.sendrecv(block, next, 0, block, previous, 0);
        comm.sendrecv(block, previous, 0, block, next, 0);
        check(all[all.length - 1] == rank, "sendrecv of a block", count);
        comm.sendrecv(all, next, 0, Slice.of(all), previous, 0);
        comm.sendrecv(Slice.of(all), previous, 0, Slice.of(all), next, 0);
        comm.gather(Slice.of(all, 0, count), Slice.of(all), size - 1);
        for (int i = 0; i < all.length; i++) {
          check(all[i] == (rank == size - 1 ? i / count : rank), "gather", count);
        }
        int[] counts = new int[size];
        Arrays.fill(counts, count);
        Arrays.setAll(all, i -> i / count);
        comm.reduceScatter(Slice.of(all), Slice.of(all, 0, count), counts, ArrayOp.SUM);
        for (int i = 0; i < count; i++) {
          check(all[i] == (long) rank * size, "reduceScatter", count);
        }
      }
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGivenMayLieWhereTheResultGoes(Ranks ranks) {
    assertThat(ranks.call(3, InPlace.class, Boolean.class)).hasSize(3);
  }

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
      return "%s %d>%d %d>%d %d"
          .formatted(
              Arrays.toString(here.coordinates()),
              down.source(), down.destination(), right.source(), right.destination(), sum);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ranksOnAGridKnowTheirNeighbours(Ranks ranks) {
    assertThat(ranks.call(7, Grid.class, String.class))
        .containsExactly(
            "[0, 0] -2>3 2>1 3",
            "[0, 1] -2>4 0>2 3",
            "[0, 2] -2>5 1>0 3",
            "[1, 0] 0>-2 5>4 12",
            "[1, 1] 1>-2 3>5 12",
            "[1, 2] 2>-2 4>3 12",
            "out");
  }
}
