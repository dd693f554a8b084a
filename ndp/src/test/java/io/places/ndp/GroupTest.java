package io.places.ndp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of workers in threads and in processes. */
class GroupTest {
  private static final String PACKAGE = GroupTest.class.getPackageName();

  private final SplittableRandom random = Inputs.random();

  private static NdpGroup inThreads;
  private static NdpGroup inProcesses;

  @BeforeAll
  static void start() {
    inThreads = NdpGroup.threads(5, PACKAGE);
    inProcesses = NdpGroup.processes(2, PACKAGE);
  }

  @AfterAll
  static void close() {
    inThreads.close();
    inProcesses.close();
  }

  private static NdpGroup group(boolean processes) {
    return processes ? inProcesses : inThreads;
  }

  /** The quicksort of the dissertation, figure 4.7, on an array. */
  static final class ParallelQuicksort implements NdpWork<long[], long[]> {
    @Override
    public long[] run(long[] numbers, NdpNodes nodes) {
      if (numbers.length < 2) {
        return numbers;
      }
      long pivot = numbers[numbers.length / 2];
      long[] lt = Arrays.stream(numbers).filter(each -> each < pivot).toArray();
      long[] eq = Arrays.stream(numbers).filter(each -> each == pivot).toArray();
      long[] gt = Arrays.stream(numbers).filter(each -> each > pivot).toArray();
      Optional<NdpNode> node = nodes.getNode();
      node.ifPresent(free -> nodes.sendWork(free, ParallelQuicksort.class, gt));
      long[] ltPart = run(lt, nodes);
      long[] gtPart;
      if (node.isPresent()) {
        gtPart = nodes.getResult(node.get(), long[].class);
        nodes.returnNode(node.get());
      } else {
        gtPart = gt.clone();
        Arrays.sort(gtPart);
      }
      return concatenated(ltPart, eq, gtPart);
    }

    private static long[] concatenated(long[]... parts) {
      return Arrays.stream(parts).flatMapToLong(Arrays::stream).toArray();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theQuicksortOfTheDissertationSorts(boolean processes) {
    NdpGroup group = group(processes);
    for (int i = 0; i < 5; i++) {
      long[] numbers = random.longs(2_000, 0, 500).toArray();
      long[] expected = numbers.clone();
      Arrays.sort(expected);
      NdpNode node = group.getNode().orElseThrow();
      group.sendWork(node, ParallelQuicksort.class, numbers);
      assertThat(group.getResult(node, long[].class)).isEqualTo(expected);
      group.returnNode(node);
    }
    assertThatAllNodesAreFree(group);
  }

  private static void assertThatAllNodesAreFree(NdpGroup group) {
    List<NdpNode> all = new ArrayList<>();
    for (Optional<NdpNode> node = group.getNode(); node.isPresent(); node = group.getNode()) {
      all.add(node.get());
    }
    assertThat(all).hasSize(group.size());
    all.forEach(group::returnNode);
  }

  @Test
  void thereAreAsManyNodesAsWorkersAndEachIsReturnedOnce() {
    try (NdpGroup group = NdpGroup.threads(2, PACKAGE)) {
      NdpNode first = group.getNode().orElseThrow();
      NdpNode second = group.getNode().orElseThrow();
      assertThat(group.getNode()).isEmpty();
      group.returnNode(first);
      assertThatThrownBy(() -> group.returnNode(first))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("node 1 is not yours");
      assertThatThrownBy(() -> group.sendWork(first, ParallelQuicksort.class, new long[0]))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> group.getResult(second, long[].class))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("was sent no work");
      assertThat(group.getNode().orElseThrow().number()).isEqualTo(1);
    }
  }

  /** Takes a node and throws. */
  static final class TakesAndThrows implements NdpWork<String, String> {
    @Override
    public String run(String argument, NdpNodes nodes) {
      int number = nodes.getNode().orElseThrow().number();
      throw new IllegalStateException("threw " + argument + " with node " + number);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWorkHasTakenIsReturnedWhenItThrows(boolean processes) {
    NdpGroup group = group(processes);
    NdpNode node = group.getNode().orElseThrow();
    for (int i = 0; i < 7; i++) { // more often than there are nodes
      group.sendWork(node, TakesAndThrows.class, "it");
      assertThatThrownBy(() -> group.getResult(node, String.class))
          .isInstanceOf(SubproblemFailedException.class)
          .hasMessageContaining("threw it")
          .hasMessageContaining("TakesAndThrows");
    }
    group.returnNode(node);
    assertThatAllNodesAreFree(group);
  }

  /** Sorts by merging, and finds halves small that are not. */
  static final class Mergesort implements DivideAndConquer<long[], long[]> {
    @Override
    public boolean isSmall(long[] numbers) {
      return numbers.length <= 50_000;
    }

    @Override
    public List<long[]> split(long[] numbers) {
      int middle = numbers.length / 2;
      return List.of(
          Arrays.copyOf(numbers, middle), Arrays.copyOfRange(numbers, middle, numbers.length));
    }

    @Override
    public long[] solve(long[] numbers) {
      long[] sorted = numbers.clone();
      for (int i = 0; i < 5; i++) { // as if it were work
        sorted = numbers.clone();
        Arrays.sort(sorted);
      }
      return sorted;
    }

    @Override
    public long[] combine(long[] numbers, List<long[]> parts) {
      long[] left = parts.get(0);
      long[] right = parts.get(1);
      long[] merged = new long[left.length + right.length];
      int l = 0;
      int r = 0;
      for (int i = 0; i < merged.length; i++) {
        merged[i] =
            r == right.length || (l < left.length && left[l] <= right[r]) ? left[l++] : right[r++];
      }
      return merged;
    }

    @Override
    public double work(long[] numbers) {
      return 300.0 * numbers.length;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void partsGoToWorkersAndTheResultIsRight(boolean processes) {
    NdpGroup group = group(processes);
    long[] numbers = Inputs.UNIFORM.make(1_000_000, random);
    long[] expected = numbers.clone();
    Arrays.sort(expected);
    assertThat(Arrays.equals(group.solve(numbers, Mergesort.class), expected)).isTrue();
    assertThat(group.explain().decisions())
        .anySatisfy(
            decision -> {
              assertThat(decision.went()).isNotEmpty();
              assertThat(decision.work()).isGreaterThan(decision.copy().multipliedBy(2));
            });
  }

  @Test
  void smallWorkStaysAndTheExplanationSaysWhy() {
    try (NdpGroup group = NdpGroup.processes(1, PACKAGE)) {
      assertThat(group.solve(25, Fibonacci.class)).isEqualTo(75_025);
      assertThat(group.explain().decisions()).allSatisfy(each -> assertThat(each.went()).isEmpty());
    }
  }

  @Test
  void aGroupWithoutWorkersSolvesAlone() {
    try (NdpGroup group = NdpGroup.threads(0, PACKAGE)) {
      assertThat(group.getNode()).isEmpty();
      assertThat(group.solve(20, Fibonacci.class)).isEqualTo(6_765);
    }
  }

  /** Fails in the second half of each half. */
  static final class FailsFarAway implements DivideAndConquer<Integer, Integer> {
    @Override
    public boolean isSmall(Integer number) {
      return number >= 4;
    }

    @Override
    public List<Integer> split(Integer number) {
      return List.of(2 * number, 2 * number + 1);
    }

    @Override
    public Integer solve(Integer number) {
      long end = System.nanoTime() + 50_000_000;
      while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      if (number == 7) {
        throw new IllegalStateException("seven");
      }
      return number;
    }

    @Override
    public Integer combine(Integer number, List<Integer> parts) {
      return parts.get(0) + parts.get(1);
    }

    @Override
    public double work(Integer number) {
      return 50_000_000;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailureOfAPartIsTheCallersWithItsPathWhereverItRan(boolean processes) {
    NdpGroup group = group(processes);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> group.solve(1, FailsFarAway.class))
          .isInstanceOfSatisfying(
              SubproblemFailedException.class, e -> assertThat(e.path()).isEqualTo("1.1"))
          .hasMessageContaining("seven");
    }
  }

  /** All parts but the first work until they are interrupted; the first fails when one of them has begun in a worker. */
  static final class FailsHere implements DivideAndConquer<FailsHere.Wish, Integer> {
    /**
     * A part, or the whole.
     *
     * @param folder for a file that says that a part in a worker has begun, and one that it was interrupted
     */
    record Wish(int part, String folder) {
      Path file(String name) {
        return Path.of(folder, name);
      }
    }

    @Override
    public boolean isSmall(Wish wish) {
      return wish.part() > 0;
    }

    @Override
    public List<Wish> split(Wish wish) {
      return IntStream.rangeClosed(1, Runtime.getRuntime().availableProcessors() + 2) // more than threads here
          .mapToObj(part -> new Wish(part, wish.folder()))
          .toList();
    }

    @Override
    public Integer solve(Wish wish) {
      if (wish.part() == 1) {
        while (Files.notExists(wish.file("begun"))) {
          Thread.onSpinWait();
        }
        throw new IllegalStateException("here");
      }
      tell(wish, "begun");
      while (!Thread.interrupted()) {
        Thread.onSpinWait();
      }
      tell(wish, "interrupted");
      return 0;
    }

    private static void tell(Wish wish, String what) {
      if (inProcesses == null) { // so this is the JVM of a worker
        try {
          Files.writeString(wish.file(what), what);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public Integer combine(Wish wish, List<Integer> parts) {
      return 0;
    }

    @Override
    public double work(Wish wish) {
      return wish.part() > 1 ? 1e9 : 0;
    }
  }

  @Test
  void aFailureInterruptsThePartsInOtherProcessesWithinASecond(@TempDir Path folder) {
    assertThatThrownBy(() -> inProcesses.solve(new FailsHere.Wish(0, folder.toString()), FailsHere.class))
        .isInstanceOfSatisfying(SubproblemFailedException.class, e -> assertThat(e.path()).isEqualTo("0"))
        .hasMessageContaining("here");
    long failed = System.nanoTime();
    while (Files.notExists(folder.resolve("interrupted"))) { // the test's time limit ends this
      Thread.onSpinWait();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - failed)).isLessThan(Duration.ofSeconds(1));
  }

  /** Its leaves take a while, and each solves a problem of its own; the first leaf says that it is at work. */
  static final class Slow implements DivideAndConquer<Integer, Long> {
    static final CountDownLatch BEGUN = new CountDownLatch(1);

    @Override
    public boolean isSmall(Integer leaves) {
      return leaves == 1;
    }

    @Override
    public List<Integer> split(Integer leaves) {
      return List.of(leaves / 2, leaves - leaves / 2);
    }

    @Override
    public Long solve(Integer leaf) {
      BEGUN.countDown();
      long end = System.nanoTime() + 10_000_000;
      long result = 0;
      while (System.nanoTime() < end) {
        result = Ndp.solve(15, Fibonacci.class);
      }
      return result;
    }

    @Override
    public Long combine(Integer leaves, List<Long> parts) {
      return parts.get(0) + parts.get(1);
    }

    @Override
    public double work(Integer leaves) {
      return 10e6 * leaves;
    }
  }

  @Test
  void aSolveInsideASolveGoesToAWorkerThatBecomesFreeLater() throws Exception {
    try (NdpGroup group = NdpGroup.threads(1, PACKAGE)) {
      NdpNode held = group.getNode().orElseThrow();
      var result = CompletableFuture.supplyAsync(() -> group.solve(16, Slow.class));
      Slow.BEGUN.await();
      assertThat(group.explain().decisions()).isEmpty();
      group.returnNode(held);
      assertThat(result.get()).isEqualTo(16 * 610);
      assertThat(group.explain().decisions()).anySatisfy(each -> assertThat(each.went()).isNotEmpty());
    }
  }

  /** Waits in a worker until it is told otherwise. */
  static final class Waits implements NdpWork<Integer, Integer> {
    @Override
    public Integer run(Integer argument, NdpNodes nodes) {
      try {
        new CountDownLatch(1).await();
        return 0;
      } catch (InterruptedException e) {
        return 1;
      }
    }
  }

  @Test
  void aLostWorkerFailsTheWaitForItAndLeavesTheRest() {
    try (NdpGroup group = NdpGroup.processes(2, PACKAGE)) {
      NdpNode node = group.getNode().orElseThrow();
      group.sendWork(node, Waits.class, 1);
      group.nodes().get(node.number() - 1).kill();
      assertThatThrownBy(() -> group.getResult(node, Integer.class))
          .isInstanceOf(NodeLostException.class);
      group.returnNode(node);
      NdpNode other = group.getNode().orElseThrow();
      assertThat(other.number()).isNotEqualTo(node.number());
      assertThat(group.getNode()).isEmpty();
      assertThat(group.size()).isEqualTo(1);
    }
  }

  @Test
  void whatAKilledWorkerWasSolvingIsSolvedAgain() {
    try (NdpGroup group = NdpGroup.processes(2, PACKAGE)) {
      long[] numbers = Inputs.UNIFORM.make(1_500_000, random);
      long[] expected = numbers.clone();
      Arrays.sort(expected);
      Thread killer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (group.explain().decisions().stream().allMatch(each -> each.went().isEmpty())) {
                      Thread.onSpinWait();
                    }
                    group.nodes().forEach(io.places.node.RemoteNode::kill);
                  });
      assertThat(Arrays.equals(group.solve(numbers, Mergesort.class), expected)).isTrue();
      assertThat(killer.isAlive() && !killer.isInterrupted()).isFalse();
      assertThat(group.explain().toString()).contains("was lost, so it is solved again");
    }
  }
}
