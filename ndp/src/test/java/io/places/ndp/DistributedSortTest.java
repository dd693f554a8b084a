package io.places.ndp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.places.channel.PlaceChannel;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sorts by several processes, held against that of the JDK: {@code -Dtest.numbers=10000000} for as many as one likes. */
class DistributedSortTest {
  private static final int NUMBERS = Integer.getInteger("test.numbers", 100_000);
  private static List<NdpGroup> groups = List.of();

  private final SplittableRandom random = Inputs.random();

  @BeforeAll
  static void start() {
    groups =
        List.of(NdpGroup.threads(0), NdpGroup.threads(1), NdpGroup.processes(2), NdpGroup.threads(5));
  }

  @AfterAll
  static void close() {
    groups.forEach(NdpGroup::close);
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 15, unit = TimeUnit.MINUTES) // for tens of millions; as many as there are here take a second
  void quicksortOfLongsIsRightWhateverTheyAreLikeWithAnyNumberOfWorkers(Inputs input) {
    long[] numbers = input.make(NUMBERS, random);
    long[] expected = numbers.clone();
    Arrays.sort(expected);
    for (NdpGroup group : groups) {
      for (Leaf leaf : Leaf.values()) {
        for (boolean throughFile : new boolean[] {false, true}) {
          long[] sorted = numbers.clone();
          group.sortTogether(sorted, leaf, throughFile);
          assertThat(Arrays.equals(sorted, expected)).as("%s, %d workers", input, group.size()).isTrue();
        }
      }
      long[] atItsChoice = numbers.clone();
      group.sort(atItsChoice);
      assertThat(Arrays.equals(atItsChoice, expected)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 15, unit = TimeUnit.MINUTES) // for tens of millions; as many as there are here take a second
  void quicksortOfDoublesIsRightWithWhatIsNoNumberToo(Inputs input) {
    double[] numbers = Arrays.stream(input.make(NUMBERS, random)).mapToDouble(each -> each).toArray();
    double[] special = {-0.0, 0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
    for (int i = 0; i < NUMBERS / 10; i++) {
      numbers[random.nextInt(NUMBERS)] = special[random.nextInt(special.length)];
    }
    double[] expected = numbers.clone();
    Arrays.sort(expected);
    for (NdpGroup group : groups) {
      double[] sorted = numbers.clone();
      group.qsort(sorted);
      assertThat(Arrays.equals(sorted, expected)).as("%s, %d workers", input, group.size()).isTrue();
    }
  }

  @Test
  void sharesOfUniformNumbersAreAboutEqualAndTheExplanationNamesThem() {
    NdpGroup processes = groups.get(2);
    while (!processes.isMeasured()) { // the test's time limit ends this
      Thread.onSpinWait();
    }
    processes.qsort(Inputs.UNIFORM.make(1_000_000, random));
    List<Explanation.Decision> decisions = processes.explain().decisions();
    assertThat(decisions.subList(decisions.size() - 2, decisions.size()))
        .allSatisfy(
            decision -> {
              assertThat(decision.went()).startsWith("node-");
              assertThat(decision.bytes()).isBetween(16 * 200_000L, 16 * 400_000L);
              Explanation.Way way = decision.way();
              assertThat(way.nanosPerByte() == MemoryFile.NANOS_PER_BYTE)
                  .isEqualTo(decision.because().endsWith("through memory of this machine"));
              assertThat((double) decision.copy().toNanos())
                  .isCloseTo(way.roundTrip().toNanos() + decision.bytes() * way.nanosPerByte(), within(10.0));
            });
    assertThat(decisions.getLast().toString())
        .matches("part 2 went to node-\\d+: .* numbers from -?\\d+ on(, through memory of this machine)?");
  }

  @Test
  void fewRunsAndFewNumbersStay() {
    NdpGroup processes = groups.get(2);
    processes.qsort(Inputs.ORGAN_PIPE.make(1_000_000, random));
    String fewRuns = "the whole stayed: the numbers are a few runs, up or down";
    assertThat(processes.explain().decisions().getLast()).hasToString(fewRuns);
    processes.qsort(Inputs.UNIFORM.make(1_000, random));
    assertThat(processes.explain().decisions().getLast().toString()).endsWith("fewer than 65,536 numbers");
    long[] down = LongStream.range(0, 100_000).map(each -> -each).toArray();
    processes.sort(down);
    assertThat(down).isSorted();
    assertThat(processes.explain().decisions().getLast()).hasToString(fewRuns);
  }

  @Test
  void aSortThatIsQuickerHereStaysAndTheExplanationSaysWhy() {
    NdpGroup processes = groups.get(2);
    while (!processes.isMeasured()) { // the test's time limit ends this
      Thread.onSpinWait();
    }
    processes.sort(Inputs.UNIFORM.make(1_000_000, random));
    assertThat(processes.explain().decisions().getLast().toString())
        .startsWith("the whole stayed: ")
        .containsPattern("that work is by all cores here; with workers it is expected to take [1-9][0-9]* µs");
  }

  @Test
  void aSortBeforeTheWayIsMeasuredSaysSo() {
    var decisions = new Decisions();
    var worker =
        new Member(1, "node-1", new WorkerClient("node-1", PlaceChannel.pair(ToWorker.class, FromWorker.class).first(), _ -> {}));
    assertThat(new SortCosts(List.of(worker), 1, 1, true).pays(1_000_000, decisions)).isFalse();
    assertThat(decisions.explanation().toString())
        .contains("bytes to copy in a time that is not measured yet")
        .endsWith("the way to the workers is not measured yet");
  }

  @Test
  void theShareOfAKilledWorkerIsSortedHere() throws InterruptedException {
    try (NdpGroup group = slow(2)) {
      long[] numbers = Inputs.UNIFORM.make(4_000_000, random);
      long[] expected = numbers.clone();
      Arrays.sort(expected);
      Thread killer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (group.explain().decided() < 2) { // both have their shares, and begin to sort them
                      Thread.onSpinWait();
                    }
                    group.nodes().forEach(RemoteNode::kill);
                  });
      group.qsort(numbers);
      killer.join();
      assertThat(Arrays.equals(numbers, expected)).isTrue();
      assertThat(group.explain().toString()).contains("was lost, so it is sorted here");
      long[] again = Inputs.UNIFORM.make(100_000, random);
      group.qsort(again);
      assertThat(again).isSorted();
    }
  }

  /** Workers that are still at their shares when they are killed: without compiled code that takes them a second. */
  private static NdpGroup slow(int workers) {
    Node node = Node.start(NodeOptions.standard().allow(NdpGroup.class.getPackageName()));
    List<RemoteNode> nodes = node.launch(workers, Launch.process().jvmOption("-Xint"));
    return new NdpGroup(node, nodes, Runtime.getRuntime().availableProcessors(), 1, 1, true);
  }

  @Test
  void theUserOfTheDissertationsQuicksortGivesNumbersAndGetsThemSorted() {
    long[] numbers = Inputs.UNIFORM.make(100_000, random);
    long[] before = numbers.clone();
    long[] sorted = Ndp.qsort(numbers, 1);
    assertThat(numbers).isEqualTo(before);
    Arrays.sort(before);
    assertThat(sorted).isEqualTo(before);
  }

  @Test
  void aClosedGroupSortsNoMoreByQuicksort() {
    NdpGroup group = NdpGroup.threads(1);
    group.close();
    assertThatThrownBy(() -> group.qsort(new long[3]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the group is closed");
  }

  @Test
  void aFileInMemoryIsOpenedByItsTokenOnlyAndWhileItHasItsName() throws IOException {
    assumeThat(Path.of("/dev/shm")).isWritable();
    MemoryFile file = MemoryFile.create(new Random(1), 1_000).orElseThrow();
    try (file) {
      long[] numbers = Inputs.UNIFORM.make(100_000, random);
      file.window().write(MemoryFile.DATA_AT, numbers, 0, numbers.length);
      assertThat(MemoryFile.open(file.path(), new byte[16])).isEmpty();
      assertThat(MemoryFile.open("/nowhere/at all", file.token())).isEmpty();
      MemoryFile other = MemoryFile.open(file.path(), file.token()).orElseThrow();
      file.hide();
      assertThat(Files.exists(Path.of(file.path()))).isFalse();
      assertThat(MemoryFile.open(file.path(), file.token())).isEmpty();
      try (other) {
        long[] read = new long[100_000];
        other.window().read(MemoryFile.DATA_AT, read, 0, read.length);
        assertThat(read).isEqualTo(numbers);
        assertThatThrownBy(() -> other.window().read(MemoryFile.DATA_AT + 800_000 - 8, read, 0, 2))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("ends at byte");
      }
    }
  }
}
