package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks that differ in the root: what each of them is told, the one and the others. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // JVMs may have to be started, on a machine that may be busy
class RootsTest {
  /** The last rank takes itself for the root, the others the first. They write down what they are told. */
  static final class Differing implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws IOException {
      int last = comm.size() - 1;
      try {
        comm.barrier(); // some may still be in it when others differ
        LastCallsTest.Roots.rooted(comm, arguments[0], comm.rank() == last ? last : 0);
        if (arguments[1].equals("go on")) {
          comm.barrier(); // one may come through it before the others see that it differs
          comm.barrier();
        }
      } catch (CollectiveMismatchException e) {
        Files.writeString(Path.of(arguments[2]).resolve("told-" + comm.rank()), String.valueOf(e.getMessage()));
        throw e;
      }
    }
  }

  /** By 2 ranks, by 3, and so on. */
  private static final List<String> EVERYWHERE =
      List.of("scatter", "reduce", "scatter", "bcast", "reduce", "scatter", "reduce", "bcast");

  static Stream<Arguments> differing() {
    Stream<Arguments> everySize =
        IntStream.rangeClosed(2, 9)
            .boxed()
            .flatMap(
                size ->
                    Stream.of("bcast", "scatter", "reduce")
                        .map(operation -> Arguments.of(Ranks.ONE_NODE, operation, size)));
    Stream<Arguments> everywhere =
        Arrays.stream(Ranks.values())
            .filter(ranks -> ranks != Ranks.ONE_NODE)
            .flatMap(
                ranks ->
                    IntStream.rangeClosed(2, ranks.name().startsWith("PROCESSES") ? 5 : 9)
                        .mapToObj(size -> Arguments.of(ranks, EVERYWHERE.get(size - 2), size)));
    return Stream.concat(everySize, everywhere);
  }

  @ParameterizedTest
  @MethodSource("differing")
  void allAreToldOfBothRootsThoughSomeHaveGoneOn(Ranks ranks, String operation, int size, @TempDir Path folder)
      throws IOException {
    try (Node node = Ranks.start()) {
      assertThatThrownBy(
              () ->
                  Rmpi.launch(
                      ranks.options(),
                      ranks.locations(node, size),
                      Differing.class,
                      operation,
                      "go on",
                      folder.toString()))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("CollectiveMismatchException");
    }
    String call = operation.equals("reduce") ? "reduce(int[] of 3, sum, root " : operation + "(int[] of 3, root ";
    assertThat(told(folder))
        .hasSize(size)
        .allSatisfy(
            text ->
                assertThat(text)
                    .containsPattern("rank %d (is |was )?in call 2, \\Q%s%d)\\E".formatted(size - 1, call, size - 1))
                    .containsPattern("rank [0-%d] (is |was )?in call 2, \\Q%s0)\\E".formatted(size - 2, call)));
  }

  private static List<String> told(Path folder) throws IOException {
    List<String> told = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        told.add(Files.readString(file));
      }
    }
    return told;
  }

  /** The first and the last wait for each other, and the one between them has ended. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT) // nearly all of the time is waited
  @EnumSource(names = {"ONE_NODE", "NODES_TCP", "PROCESSES_MEMORY"})
  void thoseThatWaitForEachOtherAsTheyDifferInTheRootAreToldOfBothAndOfTheDeadlock(Ranks ranks, @TempDir Path folder)
      throws IOException {
    try (Node node = Ranks.start()) {
      JobOptions impatient = ranks.options().deadlockTimeout(Duration.ofSeconds(3));
      assertThatThrownBy(
              () ->
                  Rmpi.launch(
                      impatient, ranks.locations(node, 3), Differing.class, "gather", "end", folder.toString()))
          .isInstanceOf(JobFailedException.class)
          .hasCauseInstanceOf(CollectiveMismatchException.class);
    }
    assertThat(told(folder))
        .hasSize(2)
        .allSatisfy(
            text ->
                assertThat(text)
                    .startsWith(
                        "rank 0 was in call 2, gather(int[] of 3, root 0), rank 2 in call 2, gather(int[] of 3, root 2): "
                            + CollectiveMismatchException.RULE)
                    .contains("deadlock: ranks 0, 2 wait for each other"));
  }
}
