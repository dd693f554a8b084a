package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.node.Node;
import io.places.place.GroupMember;
import io.places.place.Isolation;
import io.places.place.PlaceGroup;
import io.places.place.Spawn;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

  static Integer oneFails(GroupMember self, Integer which) {
    if (self.rank() == which) {
      throw new IllegalStateException("member " + which + " gives up");
    }
    self.barrier();
    return self.rank();
  }

  static Integer oneLeaves(GroupMember self, Integer which) {
    if (self.rank() != which) {
      self.barrier();
    }
    return self.rank();
  }

  @ParameterizedTest
  @EnumSource
  void resultsComeInTheOrderOfRanks(Isolation isolation) {
    List<Long> parts =
        PlaceGroup.forkJoin(
            List.of(node), Spawn.isolated(isolation), 3, PlaceGroupTest::sumOfSquares, 1_000L);
    assertThat(parts).hasSize(3).isSorted();
    assertThat(parts.stream().mapToLong(Long::longValue).sum())
        .isEqualTo(LongStream.rangeClosed(1, 1_000).map(i -> i * i).sum());
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
  void theFailureOfOneMemberEndsTheGroupWithThatFailure() {
    assertThatThrownBy(() -> PlaceGroup.forkJoin(node, 4, PlaceGroupTest::oneFails, 2))
        .isInstanceOf(PlaceFailedException.class)
        .hasMessageEndingWith("failed: java.lang.IllegalStateException: member 2 gives up");
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
