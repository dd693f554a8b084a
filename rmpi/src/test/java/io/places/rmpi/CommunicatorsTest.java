package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.node.Node;
import io.places.place.PlaceLocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Communicators made of others, groups and grids. */
class CommunicatorsTest {
  static final class TwoGroups implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      if (comm.rank() == 4) {
        return "in none";
      }
      boolean even = comm.rank() % 2 == 0;
      Group mine = comm.group().include(even ? new int[] {2, 0} : new int[] {1, 3});
      Comm pair = comm.createGroup(mine, 0);
      int sum = pair.allreduce(comm.rank(), Integer::sum);
      return "%d of %d, sum %d".formatted(pair.rank(), pair.size(), sum);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoGroupsMakeTheirCommunicatorsAtTheSameTimeWithoutTheRest(Ranks ranks) {
    assertThat(ranks.call(5, TwoGroups.class, String.class))
        .containsExactly("1 of 2, sum 2", "0 of 2, sum 4", "0 of 2, sum 2", "1 of 2, sum 4", "in none");
  }

  /** Rank 2 asks for another one than the others do. */
  static final class Differing implements RmpiProgram {
    static final Map<Integer, String> TOLD = new ConcurrentHashMap<>();

    @Override
    public void run(Comm comm, String[] arguments) {
      boolean other = comm.rank() == 2;
      boolean[] periodic = {true, false};
      try {
        Object made =
            switch (arguments[0]) {
              case "create" -> comm.create(comm.group().include(0, other ? 2 : 1));
              case "cartesian" -> comm.cartesian(new int[] {other ? 3 : 1, other ? 1 : 3}, periodic);
              case "sub" -> comm.cartesian(new int[] {1, 3}, periodic).orElseThrow().sub(other, !other);
              default -> comm.createGroup(comm.group().include(0, other ? 2 : 1, other ? 1 : 2), 5);
            };
        TOLD.put(comm.rank(), made.toString());
      } catch (CollectiveMismatchException e) {
        TOLD.put(comm.rank(), String.valueOf(e.getMessage()));
        throw e;
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create|rank 0 is in call 1, create(ranks [0, 1] of the job), rank 2 in call 1, create(ranks [0, 2] of the job)",
        "cartesian|rank 0 is in call 1, cartesian([1, 3], periodic [true, false]), rank 2 in call 1,"
            + " cartesian([3, 1], periodic [true, false])",
        "sub|in world.cartesian #1: rank 0 is in call 1, sub([false, true]), rank 2 in call 1, sub([true, false])",
        "createGroup|rank 0 is in createGroup(ranks [0, 1, 2] of the job, tag 5), rank 2 in"
            + " createGroup(ranks [0, 2, 1] of the job, tag 5)"
      })
  void whoAsksForAnotherGroupOrGridIsToldToAllWithBoth(String operation, String words) {
    for (Ranks ranks : List.of(Ranks.ONE_NODE, Ranks.NODES_MEMORY, Ranks.NODES_TCP)) {
      Differing.TOLD.clear();
      try (Node node = Ranks.start()) {
        List<PlaceLocation> locations = ranks.locations(node, 3);
        String text = words + ": " + CollectiveMismatchException.RULE;
        assertThatThrownBy(() -> Rmpi.launch(ranks.options(), locations, Differing.class, operation))
            .isInstanceOf(JobFailedException.class)
            .hasMessageContaining(text);
        assertThat(Differing.TOLD).containsExactlyInAnyOrderEntriesOf(Map.of(0, text, 1, text, 2, text));
      }
    }
  }

  /** Each thread of a rank makes a communicator while the others do: of others, or with another tag. */
  static final class MadeAtOnce implements RmpiFunction<Integer> {
    private static final int TURNS = 20;

    @Override
    public Integer call(Comm comm, String[] arguments) throws Exception {
      Comm first = comm.dup();
      Comm second = comm.dup();
      List<Callable<Comm>> makers =
          List.of(
              first::dup,
              second::dup,
              () -> comm.createGroup(comm.group(), 1),
              () -> comm.createGroup(comm.group(), 2));
      int right = 0;
      try (ExecutorService threads = Executors.newFixedThreadPool(makers.size())) {
        for (int turn = 0; turn < TURNS; turn++) {
          List<Comm> made = new ArrayList<>();
          for (Future<Comm> each : threads.invokeAll(makers)) {
            made.add(each.get());
          }
          right += comm.rank() == 0 ? sendInEach(made) : receivedInEach(made);
          made.forEach(Comm::free);
        }
      }
      return right;
    }

    private static int sendInEach(List<Comm> made) {
      for (int i = 0; i < made.size(); i++) {
        made.get(i).send(i, 1, 0);
      }
      return made.size();
    }

    /** In the other order, which tells messages apart that came in the same communicator. */
    private static int receivedInEach(List<Comm> made) {
      int right = 0;
      for (int i = made.size() - 1; i >= 0; i--) {
        right += made.get(i).recv(Integer.class, 0, 0) == i ? 1 : 0;
      }
      return right;
    }
  }

  @ParameterizedTest
  @EnumSource
  void communicatorsThatThreadsOfARankMakeAtOnceAreNotTakenForEachOther(Ranks ranks) {
    int all = 4 * MadeAtOnce.TURNS;
    assertThat(ranks.call(2, MadeAtOnce.class, Integer.class)).containsExactly(all, all);
  }

  /** In each a message is left that nobody receives: all together more than may be kept. */
  static final class ManyTwins implements RmpiFunction<String> {
    private static final int TWINS = 10_000;
    private static final int SETTLED = 1_000; // by then there is what the first ones bring with them
    private static final byte[] LEFT = new byte[2_000];

    /** Less than one communicator takes, for each that is made once all has settled. */
    private static final long GROWTH = 4 << 20;

    @Override
    public String call(Comm comm, String[] arguments) {
      int good = 0;
      int[] number = new int[1];
      long settled = 0;
      for (int i = 0; i < TWINS; i++) {
        if (i == SETTLED) {
          settled = used();
        }
        Comm twin = comm.dup();
        number[0] = i;
        if (comm.rank() == 0) {
          twin.send(LEFT, 1, 1);
          twin.send(Slice.of(number), 1, 0);
        } else {
          twin.recv(Slice.of(number), 0, 0);
        }
        boolean together = i % 5 > 0 || twin.allreduce(1, Integer::sum) == 2;
        good += number[0] == i && together ? 1 : 0;
        twin.free();
      }
      long more = used() - settled;
      for (int again = 0; more > GROWTH && again < 5; again++) { // other threads of this JVM make garbage, too
        more = used() - settled;
      }
      return good + " are good" + (more > GROWTH ? ", and %d bytes are kept".formatted(more) : "");
    }

    private static long used() {
      System.gc();
      return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
  }

  @ParameterizedTest
  @Timeout(value = 3, unit = TimeUnit.MINUTES) // each waits for the other thousands of times, on a machine that may be busy
  @EnumSource
  void communicatorsMayBeMadeAndFreedByTheThousandWithWhatIsLeftInThemAndTakeNoMemoryAfterwards(Ranks ranks) {
    assertThat(ranks.call(2, ManyTwins.class, String.class)).containsExactly("10000 are good", "10000 are good");
  }

  static final class Reversed implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      Comm reversed = comm.split(0, -comm.rank()).orElseThrow();
      Comm same = comm.split(3, 7).orElseThrow();
      List<Integer> order = reversed.allgather(comm.rank());
      Comm some = comm.create(comm.group().include(3, 1)).orElse(comm);
      return "%s %d %d".formatted(order, same.rank(), some.size() == 2 ? some.rank() : -1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSplitOrdersByKeyAndEqualKeysAsBefore(Ranks ranks) {
    assertThat(ranks.call(4, Reversed.class, String.class))
        .containsExactly(
            "[3, 2, 1, 0] 0 -1", "[3, 2, 1, 0] 1 1", "[3, 2, 1, 0] 2 -1", "[3, 2, 1, 0] 3 0");
  }

  static final class SmallRings implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      Cartesian grid = comm.cartesian(new int[] {1, 2}, new boolean[] {true, true}).orElseThrow();
      Cartesian.Shift alone = grid.shift(0, 1);
      Cartesian.Shift pair = grid.shift(1, 1);
      int other = 1 - grid.comm().rank();
      int[] in = new int[1];
      grid.comm().sendrecv(Slice.of(new int[] {comm.rank()}), alone.destination(), 0, Slice.of(in), alone.source(), 0);
      boolean own = in[0] == comm.rank();
      grid.comm().sendrecv(Slice.of(new int[] {comm.rank()}), pair.destination(), 0, Slice.of(in), pair.source(), 0);
      boolean others = pair.source() == other && pair.destination() == other && in[0] == other;
      Cartesian.Shift back = grid.shift(1, -1);
      Cartesian.Shift round = grid.shift(1, 2); // once round, to itself
      grid.comm().sendrecv(Slice.of(new int[] {comm.rank()}), round.destination(), 0, Slice.of(in), round.source(), 0);
      return own
          && others
          && back.equals(pair)
          && grid.shift(0, -1).equals(alone)
          && grid.shift(0, 2).equals(alone)
          && round.equals(new Cartesian.Shift(comm.rank(), comm.rank()))
          && in[0] == comm.rank();
    }
  }

  @ParameterizedTest
  @EnumSource
  void inARingOfOneARankIsItsOwnNeighbourAndInOneOfTwoBothAreTheSame(Ranks ranks) {
    assertThat(ranks.call(2, SmallRings.class, Boolean.class))
        .isEqualTo(Collections.nCopies(2, true));
  }

  @ParameterizedTest
  @CsvSource({
    "6, 0 0, 3 2", "7, 0 0, 7 1", "12, 0 0, 4 3", "12, 0 0 0, 3 2 2", "16, 0 0 0, 4 2 2",
    "24, 0 3 0, 4 3 2", "6, 3 0, 3 2", "1, 0 0, 1 1", "60, 0 0 0, 5 4 3", "36, 0 0, 6 6"
  })
  void aNumberOfRanksIsDividedIntoDimensionsAsEqualAsCanBe(int ranks, String given, String sizes) {
    assertThat(Cartesian.sizes(ranks, numbers(given))).isEqualTo(numbers(sizes));
  }

  private static int[] numbers(String text) {
    return List.of(text.split(" ", -1)).stream().mapToInt(Integer::parseInt).toArray();
  }

  @Test
  void dimensionsThatDoNotDivideTheRanksAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cartesian.sizes(7, 2, 0))
        .withMessage("7 ranks cannot be divided into [2, 0]");
  }

  @Test
  void groupsHaveTheAlgebraOfOrderedSets() {
    Group a = new Group(List.of(4, 2, 0));
    Group b = new Group(List.of(0, 1, 2));
    assertThat(a.union(b).worldRanks()).containsExactly(4, 2, 0, 1);
    assertThat(a.intersection(b).worldRanks()).containsExactly(2, 0);
    assertThat(a.difference(b).worldRanks()).containsExactly(4);
    assertThat(a.exclude(0).worldRanks()).containsExactly(2, 0);
    assertThat(new Group(List.of(0, 1, 2, 3, 4)).range(4, 0, -2).worldRanks()).containsExactly(4, 2, 0);
    assertThat(a.translate(1, b)).isEqualTo(2);
    assertThat(a.translate(0, b)).isEqualTo(-1);
  }

  @Test
  void aGroupOfNobodyIsAGroup() {
    Group a = new Group(List.of(4, 2, 0));
    Group nobody = a.difference(a);
    assertThat(nobody).isEqualTo(new Group(List.of())).extracting(Group::size).isEqualTo(0);
    assertThat(List.of(a.include(), a.exclude(0, 1, 2), a.intersection(new Group(List.of(1, 3))), a.range(2, 0, 1)))
        .containsOnly(nobody);
    assertThat(List.of(a.union(nobody), nobody.union(a), a.difference(nobody))).containsOnly(a);
    assertThat(List.of(a.intersection(nobody), nobody.intersection(a), nobody.difference(a), nobody.exclude()))
        .containsOnly(nobody);
    assertThat(a.translate(1, nobody)).isEqualTo(-1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> nobody.translate(0, a))
        .withMessage("position 0 of a group of 0: it has none");
  }
}
