package io.places.ndp;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.node.RemoteNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What could go wrong at any moment, again and again: {@code -Dtest.rounds=100} for as often as one likes. */
@Timeout(value = 15, unit = TimeUnit.MINUTES) // for a hundred rounds; three take seconds
class EndureTest {
  private static final int ROUNDS = Integer.getInteger("test.rounds", 3);
  private static final String PACKAGE = EndureTest.class.getPackageName();

  private final SplittableRandom random = Inputs.random();

  /** Counts the leaves of a tree of some depth, whose branches go to nodes while there are any. */
  static final class Leaves implements NdpWork<Integer, Long> {
    @Override
    public Long run(Integer depth, NdpNodes nodes) {
      if (depth == 0) {
        return 1L;
      }
      Optional<NdpNode> node = depth > 12 ? nodes.getNode() : Optional.empty();
      node.ifPresent(free -> nodes.sendWork(free, Leaves.class, depth - 1));
      long own = run(depth - 1, nodes);
      long other =
          node.map(busy -> nodes.getResult(busy, Long.class)).orElseGet(() -> run(depth - 1, nodes));
      node.ifPresent(nodes::returnNode);
      return own + other;
    }
  }

  @Test
  void workTwentyLevelsDeepOnFiveWorkersEnds() {
    try (NdpGroup group = NdpGroup.threads(5, PACKAGE)) {
      for (int round = 1; round <= ROUNDS; round++) {
        NdpNode node = group.getNode().orElseThrow();
        group.sendWork(node, Leaves.class, 20);
        assertThat(group.getResult(node, Long.class)).as("round %d", round).isEqualTo(1 << 20);
        group.returnNode(node);
      }
    }
  }

  @Test
  void aWorkerKilledAtAnyMomentCostsNothingButTime() throws InterruptedException {
    for (int round = 1; round <= ROUNDS; round++) {
      long[] numbers = Inputs.UNIFORM.make(2_000_000, random);
      long[] expected = numbers.clone();
      Arrays.sort(expected);
      int looks = random.nextInt(2_000_000);
      try (NdpGroup group = NdpGroup.processes(2, PACKAGE)) {
        Thread killer = Thread.ofPlatform().start(() -> killSoon(group, looks));
        long[] sorted = round % 2 == 0 ? group.solve(numbers, Quicksort.class) : sorted(group, numbers);
        assertThat(Arrays.equals(sorted, expected)).as("round %d", round).isTrue();
        killer.join();
        assertThat(group.solve(25, Fibonacci.class)).isEqualTo(75_025);
        while (group.size() > 1) { // the loss is heard a moment after the kill; the test's limit ends this
          Thread.onSpinWait();
        }
        assertThat(group.size()).isEqualTo(1);
      }
    }
  }

  private static long[] sorted(NdpGroup group, long[] numbers) {
    group.qsort(numbers);
    return numbers;
  }

  /** Kills one of the workers when something was decided, or a little later. */
  private static void killSoon(NdpGroup group, int looks) {
    for (int i = 0; i < looks && group.explain().decided() == 0; i++) {
      Thread.onSpinWait();
    }
    RemoteNode victim = group.nodes().get(looks % 2);
    victim.kill();
  }
}
