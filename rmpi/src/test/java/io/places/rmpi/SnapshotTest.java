package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is concluded from two looks at the ranks of a job. */
class SnapshotTest {
  private static final Set<Integer> BOTH = Set.of(0, 1);

  private static RankNews.State waits(long since, int peer) {
    return waits(since, List.of(peer), false);
  }

  private static RankNews.State waits(long since, List<Integer> peers, boolean mayEndOtherwise) {
    return new RankNews.State(
        List.of(
            new RankNews.Wait(
                true, "recv(int[])", since, peers, mayEndOtherwise, Duration.ZERO, List.of())),
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

  @Test
  void ranksHaveWaitedForEachOtherSinceTheLastOfThemBegan() {
    Snapshot snapshot = new Snapshot(Map.of(0, waited(8), 1, waited(5), 2, waited(1)));

    assertThat(snapshot.shortestWait(BOTH)).isEqualTo(Duration.ofSeconds(5));
    assertThat(snapshot.shortestWait(Set.of())).isZero();
  }

  private static RankNews.State waited(int seconds) {
    RankNews.Wait wait =
        new RankNews.Wait(true, "recv(int[])", 0, List.of(1), false, Duration.ofSeconds(seconds), List.of());
    return new RankNews.State(List.of(wait), List.of(), new RankNews.Calls(0, List.of()));
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

  @Test
  void aRankThatStillWaitsForNoneButThoseOfWhoseEndItHasHeardIsStuck() {
    Snapshot snapshot = new Snapshot(Map.of(1, waits(20, List.of(), false)));

    assertThat(snapshot.stuck()).containsExactly(1);
    assertThat(snapshot.waitsForNoneThatRuns(1)).isTrue();
  }

  @Test
  void aRankOfWhichNobodyKnowsWhatItWaitsForIsLeftInPeace() {
    assertThat(new Snapshot(Map.of(1, waits(20, List.of(), true))).stuck()).isEmpty();
  }

  @Test
  void aWaitTellsOfRanksThatHaveNotEndedAndWhetherItMayEndWithoutThem() {
    World world = new World(Surroundings.system(), 0, 3, false);
    var of = new Request<Status>(world, new int[] {1, 2}, () -> "recv(int[])");
    var unknown = new Request<Status>(world, null, () -> "iprobe");

    assertThat(described(of).peers()).containsExactly(2);
    assertThat(described(of, unknown).mayEndOtherwise()).isTrue();
    RankNews.Wait none = new Blocked(Thread.currentThread(), List.of(of), 0, () -> false).describe(1, true, Set.of(1, 2));
    assertThat(none.peers()).isEmpty();
    assertThat(none.mayEndOtherwise()).isFalse();
  }

  @Test
  void aWaitForAFutureThatIsGivenALimitMeanwhileMayEndOtherwise() throws InterruptedException {
    World world = new World(Surroundings.system(), 0, 2, false);
    var request = new Request<Integer>(world, new int[] {1}, () -> "recv(int)");
    CompletableFuture<Integer> future = request.toFuture();
    Thread joins = Thread.ofPlatform().daemon().start(future::join);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (world.state().waits().isEmpty()) {
      assertThat(System.nanoTime()).as("the join waits").isLessThan(end);
      Thread.onSpinWait();
    }

    assertThat(world.state().waits()).singleElement().matches(wait -> !wait.mayEndOtherwise());
    CompletableFuture<Integer> limited = future.orTimeout(1, TimeUnit.HOURS);
    assertThat(world.state().waits()).singleElement().matches(RankNews.Wait::mayEndOtherwise);
    request.complete(5, new Status(1, 0, 1));
    assertThat(limited.join()).isEqualTo(5);
    joins.join();
    assertThat(world.state().waits()).isEmpty();
  }

  private static RankNews.Wait described(Request<?>... requests) {
    return new Blocked(Thread.currentThread(), List.of(requests), 0, () -> false).describe(1, true, Set.of(1));
  }
}
