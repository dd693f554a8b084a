package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.GetTimeoutException;
import io.places.MessageNotAllowedException;
import io.places.PlaceFailedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.channel.Task;
import io.places.message.SharedDoubles;
import io.places.node.Node;
import io.places.place.GroupMember;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceGroup;
import io.places.place.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlaceGroupTest {
  private static final double[] MATRIX = {
    0.0, 1.0, 2.0, 3.0, 4.0, 0.1, 1.1, 2.1, 3.1, 4.1, 0.2, 1.2, 2.2, 3.2, 4.2, 0.3, 1.3, 2.3, 3.3,
    4.3, 0.4, 1.4, 2.4, 3.4, 4.4
  };

  private static Node node;

  @BeforeAll
  static void start() {
    node = Node.start();
  }

  @AfterAll
  static void close() {
    node.close();
  }

  static Long sumOfSquares(GroupMember self, Long upTo) {
    return self.range(1, upTo + 1).map(i -> i * i).sum();
  }

  static String block(GroupMember self, Long count) {
    return self.rank() + ":" + Arrays.toString(self.range(0, count).toArray());
  }

  private static final AtomicInteger ARRIVED = new AtomicInteger();

  static Integer meets(GroupMember self, Integer rounds) {
    int most = 0;
    for (int round = 1; round <= rounds; round++) {
      ARRIVED.incrementAndGet();
      self.barrier();
      most = Math.max(most, Math.abs(ARRIVED.get() - round * self.size()));
      self.barrier();
    }
    return most;
  }

  /** The example of the dissertation, 3.4.2.2: one column for each member, one row after the other. */
  static Double column(GroupMember self, Integer rows) {
    double last = 0;
    for (int row = 0; row < rows; row++) {
      double cell = MATRIX[row * 5 + self.rank()];
      last = self.pipeline(Double.class, 0.0, previous -> (cell + previous) * (cell + previous));
    }
    return last;
  }

  static Integer oneLeaves(GroupMember self, Integer which) {
    if (self.rank() != which) {
      self.barrier();
    }
    return self.rank();
  }

  /** Some work, and all that members can do with each other. */
  record Part(int rank, long sum, List<String> columns) {}

  static Part everything(GroupMember self, Map<String, Long> settings) {
    long count = settings.getOrDefault("count", 0L);
    long sum = self.range(1, count + 1).map(i -> i * i).sum();
    self.barrier();
    List<String> columns = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      String cell = row + "/" + self.rank();
      columns.add(self.pipeline(String.class, "", left -> left + " " + cell));
    }
    self.barrier();
    return new Part(self.rank(), sum, columns);
  }

  @ParameterizedTest
  @EnumSource
  void membersWorkTogetherAndResultsComeInTheOrderOfRanks(Isolation isolation) {
    int size = isolation == Isolation.PROCESS ? 2 : 5;
    List<Part> parts =
        PlaceGroup.forkJoin(
            List.of(node),
            Spawn.isolated(isolation),
            size,
            PlaceGroupTest::everything,
            Map.of("count", 1_000L));
    assertThat(parts).extracting(Part::rank).containsExactlyElementsOf(upTo(size));
    assertThat(parts.stream().mapToLong(Part::sum).sum())
        .isEqualTo(LongStream.rangeClosed(1, 1_000).map(i -> i * i).sum());
    assertThat(parts.get(1).columns()).containsExactly(" 0/0 0/1", " 1/0 1/1", " 2/0 2/1");
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** A vector that all fill, and a queue of work that they share. */
  record Shared(SharedDoubles vector, PlaceChannel<Void, Integer> work) {}

  static SharedDoubles fill(GroupMember self, Shared shared) {
    for (int index : shared.work().messages()) {
      shared.vector().set(index, Math.sqrt(index));
    }
    return shared.vector();
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "VIRTUAL"})
  void sharedVectorsAndEndsOfChannelsGoToMembersAndBackByReference(Isolation isolation) {
    var vector = SharedDoubles.ofLength(100);
    var work = PlaceChannel.pair(Integer.class, Void.class);
    IntStream.range(0, 100).forEach(work.first()::put);
    work.first().close();
    List<SharedDoubles> results =
        PlaceGroup.forkJoin(
            List.of(node),
            Spawn.isolated(isolation),
            3,
            PlaceGroupTest::fill,
            new Shared(vector, work.second()));
    assertThat(results).hasSize(3).allSatisfy(result -> assertThat(result).isSameAs(vector));
    assertThat(vector.get(81)).isEqualTo(9);
    assertThat(IntStream.range(0, 100)).allMatch(i -> vector.get(i) == Math.sqrt(i));
  }

  @Test
  void sharedVectorsGoToMembersWithClassesOfTheirOwnToo() {
    assertThat(
            PlaceGroup.forkJoin(
                List.of(node),
                Spawn.isolated(Isolation.CLASS_LOADER),
                2,
                PlaceGroupTest::lengthOf,
                SharedDoubles.ofLength(8)))
        .containsExactly(8, 8);
  }

  @Test
  void whatCannotTravelToAMemberIsRefusedBeforeItRuns() {
    assertThatThrownBy(
            () ->
                PlaceGroup.forkJoin(
                    List.of(node),
                    Spawn.isolated(Isolation.PROCESS),
                    2,
                    PlaceGroupTest::lengthOf,
                    SharedDoubles.ofLength(8)))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessageContaining("send a copy");
  }

  static Integer lengthOf(GroupMember self, SharedDoubles vector) {
    return vector.length();
  }

  static Long ofGroups(GroupMember self, Integer size) {
    return PlaceGroup.forkJoin(Node.current(), size, PlaceGroupTest::sumOfSquares, 100L).stream()
            .mapToLong(part -> part)
            .sum()
        + self.rank();
  }

  @ParameterizedTest
  @EnumSource
  void aMemberMayForkAGroupOfItsOwn(Isolation isolation) {
    int size = isolation == Isolation.PROCESS ? 1 : 3;
    long sum = LongStream.rangeClosed(1, 100).map(i -> i * i).sum();
    assertThat(
            PlaceGroup.forkJoin(
                List.of(node), Spawn.isolated(isolation), size, PlaceGroupTest::ofGroups, 4))
        .containsExactlyElementsOf(LongStream.range(sum, sum + size).boxed().toList());
  }

  static Integer failsBehindABarrier(GroupMember self, Integer which) {
    if (self.rank() == which) {
      throw new IllegalStateException("member " + which + " gives up");
    }
    self.barrier();
    return self.rank();
  }

  @ParameterizedTest
  @EnumSource
  void theFailureOfOneMemberEndsThoseThatWaitForItAtABarrier(Isolation isolation) {
    assertThatThrownBy(
            () ->
                PlaceGroup.forkJoin(
                    List.of(node),
                    Spawn.isolated(isolation),
                    isolation == Isolation.PROCESS ? 2 : 4,
                    PlaceGroupTest::failsBehindABarrier,
                    1))
        .isInstanceOf(PlaceFailedException.class)
        .hasMessageEndingWith("failed: java.lang.IllegalStateException: member 1 gives up")
        .satisfies(e -> assertThat(e.getSuppressed()).as("all were ended").isEmpty());
  }

  static Integer exits(GroupMember self, Integer code) {
    if (self.rank() == 1) {
      Place.exit(code);
    }
    return self.rank();
  }

  @Test
  void aMemberThatExitsWithoutAResultEndsTheGroup() {
    assertThatThrownBy(() -> PlaceGroup.forkJoin(node, 2, PlaceGroupTest::exits, 7))
        .isInstanceOf(PlacesException.class)
        .hasMessageMatching("place PlaceGroupTest-\\d+ on node main has ended with exit code 7");
  }

  static Integer failsInItsExitAction(GroupMember self, Integer which) {
    if (self.rank() == which) {
      Place.atExit(
          () -> {
            throw new IllegalStateException("on the way out");
          });
    }
    return self.rank();
  }

  @Test
  void aMemberThatFailsAfterItsResultFailsTheGroup() {
    assertThatThrownBy(() -> PlaceGroup.forkJoin(node, 3, PlaceGroupTest::failsInItsExitAction, 2))
        .isInstanceOf(PlaceFailedException.class)
        .hasMessageEndingWith("on the way out");
  }

  private static final AtomicInteger AT_WORK = new AtomicInteger();

  /** Half of the members wait at a barrier to which the others never come. */
  static Integer waitsForEver(GroupMember self, Integer nothing) {
    AT_WORK.incrementAndGet();
    try {
      if (self.rank() % 2 == 0) {
        self.barrier();
      } else {
        self.pipeline(Integer.class, 0, left -> left); // nothing comes from the left
      }
      return 0;
    } finally {
      AT_WORK.decrementAndGet();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "VIRTUAL"})
  void aGroupThatIsNotDoneInTimeIsEnded(Isolation isolation) {
    assertThatThrownBy(
            () ->
                PlaceGroup.forkJoin(
                    List.of(node),
                    Spawn.isolated(isolation),
                    4,
                    PlaceGroupTest::waitsForEver,
                    0,
                    Duration.ofMillis(500)))
        .isInstanceOf(GetTimeoutException.class)
        .hasMessageStartingWith(
            "the group has not ended within PT0.5S: no result of members [0, 1, 2, 3], at a barrier: ");
    assertThat(AT_WORK).as("members that are still there").hasValue(0);
  }

  @Test
  void anInterruptOfTheCallerEndsTheGroup() throws Exception {
    var forks =
        Task.startWaiting(() -> PlaceGroup.forkJoin(node, 3, PlaceGroupTest::waitsForEver, 0));
    forks.interrupt();
    assertThat(forks.failure()).isInstanceOf(PlaceInterruptedException.class);
  }

  private static final AtomicInteger ROWS = new AtomicInteger();
  private static final int MANY_ROWS = 3 * PlaceChannel.CREDIT_MESSAGES;

  /** The second member begins when the first is more rows ahead than a channel holds. */
  static Integer lastRow(GroupMember self, Integer rows) {
    int last = 0;
    if (self.rank() == 1) {
      while (ROWS.get() < PlaceChannel.CREDIT_MESSAGES * 3 / 2) {
        Thread.onSpinWait();
      }
    }
    for (int row = 0; row < rows; row++) {
      last = self.pipeline(Integer.class, row, left -> left + 1);
      if (self.rank() == 0) {
        ROWS.incrementAndGet();
      }
    }
    return last;
  }

  @Test
  void aSlowMemberHoldsBackThoseBeforeItAndLosesNoRow() {
    ROWS.set(0);
    assertThat(PlaceGroup.forkJoin(node, 3, PlaceGroupTest::lastRow, MANY_ROWS))
        .containsExactly(MANY_ROWS, MANY_ROWS + 1, MANY_ROWS + 2);
  }

  static String ofNull(GroupMember self, Integer nothing) {
    return NOTHING.get(self.rank());
  }

  @SuppressWarnings("NullAway") // what a careless body does
  private static final List<String> NOTHING = Arrays.asList((String) null);

  @Test
  void aResultOfNullIsRefusedAndNamesTheBody() {
    assertThatThrownBy(() -> PlaceGroup.forkJoin(node, 1, PlaceGroupTest::ofNull, 0))
        .isInstanceOf(PlaceFailedException.class)
        .hasMessageEndingWith(
            "PlaceGroupTest::ofNull answers null, which is no message; a member's result may be an Optional");
  }

  @Test
  void theFirstMembersGetOneMoreWhenARangeDoesNotDivide() {
    assertThat(PlaceGroup.forkJoin(node, 4, PlaceGroupTest::block, 10L))
        .containsExactly("0:[0, 1, 2]", "1:[3, 4, 5]", "2:[6, 7]", "3:[8, 9]");
    assertThat(PlaceGroup.forkJoin(node, 3, PlaceGroupTest::block, 1L))
        .containsExactly("0:[0]", "1:[]", "2:[]");
  }

  @Test
  void noMemberPassesABarrierBeforeAllHaveCome() {
    ARRIVED.set(0);
    assertThat(PlaceGroup.forkJoin(node, 5, PlaceGroupTest::meets, 50)).containsOnly(0);
  }

  @Test
  void aPipelineHandsValuesFromMemberToMember() {
    double[] expected = new double[5];
    for (int row = 0; row < 5; row++) {
      double previous = 0;
      for (int column = 0; column < 5; column++) {
        double cell = MATRIX[row * 5 + column];
        previous = (cell + previous) * (cell + previous);
        expected[column] = previous;
      }
    }
    assertThat(PlaceGroup.forkJoin(node, 5, PlaceGroupTest::column, 5))
        .containsExactly(expected[0], expected[1], expected[2], expected[3], expected[4]);
  }

  @Test
  void aMemberThatEndsWhileOthersWaitForItIsTold() {
    assertThatThrownBy(() -> PlaceGroup.forkJoin(node, 3, PlaceGroupTest::oneLeaves, 1))
        .isInstanceOf(PlacesException.class)
        .hasMessageMatching("members \\[.*] wait at a barrier for a member that has ended; .*");
  }

  @Test
  void aGroupOfNobodyIsRefused() {
    assertThatThrownBy(() -> PlaceGroup.forkJoin(node, 0, PlaceGroupTest::block, 1L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a group has at least 1 member and 1 node, not 0 and 1");
  }
}
