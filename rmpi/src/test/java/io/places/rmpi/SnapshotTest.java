package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is concluded from two looks at the ranks of a job. */
class SnapshotTest {
  private static final Set<Integer> BOTH = Set.of(0, 1);

  private static RankNews.State waits(long since, int peer) {
    return new RankNews.State(
        List.of(
            new RankNews.Wait(true, "recv(int[])", since, List.of(peer), Duration.ZERO, List.of())),
        List.of(),
        new RankNews.Calls(0, List.of()));
  }

  @Test
  void twoRanksThatStillWaitForEachOtherAreStuck() {
    Snapshot first = new Snapshot(Map.of(0, waits(10, 1), 1, waits(20, 0)));
    Snapshot second = new Snapshot(Map.of(0, waits(10, 1), 1, waits(20, 0)));

    assertThat(second.stuck()).isEqualTo(BOTH);
    assertThat(second.isUnchangedSince(first, BOTH)).isTrue();
  }

  /** A program that exchanges the same again and again. */
  @Test
  void twoRanksThatWaitAgainInTheSameWayHaveGoneOnInBetween() {
    Snapshot first = new Snapshot(Map.of(0, waits(10, 1), 1, waits(20, 0)));
    Snapshot second = new Snapshot(Map.of(0, waits(30, 1), 1, waits(20, 0)));

    assertThat(second.isUnchangedSince(first, BOTH)).isFalse();
  }

  @Test
  void aRankThatWaitsForOneThatIsOverHearsOfThat() {
    assertThat(new Snapshot(Map.of(1, waits(20, 0))).stuck()).isEmpty();
  }
}
