package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.node.Node;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks that call something else in their last operation, where no message need tell them. */
class LastCallsTest {
  private static final String RULE = ": " + CollectiveMismatchException.RULE;

  /** Arguments: the operation, and the root of each rank. */
  static final class Roots implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      comm.barrier();
      rooted(comm, arguments[0], arguments[1].charAt(comm.rank()) - (int) '0');
      return comm.rank();
    }

    static void rooted(Comm comm, String operation, int root) {
      Slice part = Slice.of(new int[3]);
      Slice all = Slice.of(new int[3 * comm.size()]);
      switch (operation) {
        case "bcast" -> comm.bcast(part, root);
        case "scatter" -> comm.scatter(all, part, root);
        case "gather" -> comm.gather(part, all, root);
        default -> comm.reduce(part, ArrayOp.SUM, root);
      }
    }
  }

  static Stream<Arguments> roots() {
    return Arrays.stream(Ranks.values())
        .flatMap(
            ranks ->
                Stream.of(
                    // All end, and think that all is well.
                    Arguments.of(ranks, "bcast", "002", 0, 2),
                    Arguments.of(ranks, "scatter", "002", 0, 2),
                    Arguments.of(ranks, "gather", "10", 0, 1),
                    // Some end, and one waits for what they do not send.
                    Arguments.of(ranks, "scatter", "020", 0, 1)));
  }

  @ParameterizedTest
  @MethodSource("roots")
  void ranksThatDifferInTheRootOfTheirLastCallAreBothNamed(
      Ranks ranks, String operation, String roots, int one, int other) {
    String call = operation + "(int[] of 3, root ";
    assertThatThrownBy(() -> ranks.call(roots.length(), Roots.class, Integer.class, operation, roots))
        .isInstanceOf(JobFailedException.class)
        .hasMessage(
            "rank %d was in call 2, %s%c), rank %d in call 2, %s%c)%s",
            one, call, roots.charAt(one), other, call, roots.charAt(other), RULE)
        .hasCauseInstanceOf(CollectiveMismatchException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "NODES_MEMORY", "NODES_TCP"})
  void inAReductionTheFirstMessageTells(Ranks ranks) {
    for (String roots : List.of("002", "200")) {
      assertThatThrownBy(() -> ranks.call(3, Roots.class, Integer.class, "reduce", roots))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining(
              "CollectiveMismatchException: rank 0 is in call 2, reduce(int[] of 3, sum, root %c)".formatted(roots.charAt(0)))
          .hasMessageEndingWith(RULE);
    }
  }

  @Test
  void inADeadlockOfRanksThatDifferInTheRootTheyAreNamedFirst() {
    try (Node node = Ranks.start()) {
      JobOptions impatient = JobOptions.standard().deadlockTimeout(Duration.ofSeconds(1));
      assertThatThrownBy(
              () ->
                  Rmpi.call(
                      impatient, Ranks.ONE_NODE.locations(node, 3), Roots.class, Integer.class, "gather", "002"))
          .isInstanceOf(JobFailedException.class)
          .hasMessageStartingWith(
              "rank 0 was in call 2, gather(int[] of 3, root 0), rank 2 in call 2, gather(int[] of 3, root 2)" + RULE)
          .hasMessageContaining("deadlock: ranks 0, 2 wait for each other")
          .hasCauseInstanceOf(CollectiveMismatchException.class);
    }
  }

  /** Rank 1 waits for a message of rank 2, which computes, and may yet send it for all that is known. */
  static final class RootsBesideOneThatComputes implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) throws InterruptedException {
      Roots.rooted(comm, "scatter", comm.rank() == 1 ? 2 : 0);
      new CountDownLatch(comm.rank() == 2 ? 1 : 0).await();
      return comm.rank();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "NODES_TCP"})
  void aRankThatWaitsAsItDiffersInTheRootIsNamedThoughTheOneForWhichItWaitsComputes(Ranks ranks) {
    try (Node node = Ranks.start()) {
      JobOptions impatient = ranks.options().deadlockTimeout(Duration.ofSeconds(1));
      assertThatThrownBy(
              () ->
                  Rmpi.call(
                      impatient, ranks.locations(node, 3), RootsBesideOneThatComputes.class, Integer.class))
          .isInstanceOf(JobFailedException.class)
          .hasMessage(
              "rank 0 was in call 1, scatter(int[] of 3, root 0), rank 1 in call 1, scatter(int[] of 3, root 2)" + RULE)
          .hasCauseInstanceOf(CollectiveMismatchException.class);
    }
  }

  /** The argument says in which communicators ranks differ. */
  static final class Parts implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      Comm same = comm.dup();
      Comm half = comm.split(comm.rank() % 2, 0).orElseThrow();
      switch (arguments[0]) {
        case "dup" -> {
          Roots.rooted(comm, "bcast", 0);
          Roots.rooted(same, "bcast", comm.rank() == 0 ? 0 : 1);
          Roots.rooted(half, "bcast", 0);
        }
        case "half" -> Roots.rooted(half, "bcast", comm.rank() == 3 ? 1 : 0);
        case "over" -> {
          Roots.rooted(same, "bcast", comm.rank() == 0 ? 0 : 1);
          comm.barrier();
          same.free();
          half.free();
        }
        case "left out" -> {
          if (comm.rank() != 3) {
            Roots.rooted(same, "bcast", 0);
          }
          comm.barrier();
        }
        default -> {
          for (int turn = 0; turn < 10; turn++) {
            Roots.rooted(half, "reduce", turn % 2);
            Roots.rooted(same, "bcast", turn % 4);
          }
          same.free();
          comm.createGroup(new Group(List.of(comm.rank())), 0).barrier();
        }
      }
      return comm.rank();
    }
  }

  private static void assertToldOf(Ranks ranks, String where, String words) {
    assertThatThrownBy(() -> ranks.call(4, Parts.class, Integer.class, where))
        .isInstanceOf(JobFailedException.class)
        .hasMessage(words + RULE)
        .hasCauseInstanceOf(CollectiveMismatchException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "PROCESSES_MEMORY", "NODES_TCP"})
  void soAreThoseOfADuplicateAndOfAPart(Ranks ranks) {
    assertToldOf(
        ranks,
        "dup",
        "in a communicator of 4 ranks, in which ranks 0 and 1 of the job are 0 and 1:"
            + " rank 0 was in call 1, bcast(int[] of 3, root 0), rank 1 in call 1, bcast(int[] of 3, root 1)");
    assertToldOf(
        ranks,
        "half",
        "in a communicator of 2 ranks, in which ranks 1 and 3 of the job are 0 and 1:"
            + " rank 0 was in call 1, bcast(int[] of 3, root 0), rank 1 in call 1, bcast(int[] of 3, root 1)");
  }

  @Test
  void differencesThatMirrorEachOtherDoNotAddUpToNone() {
    int[][] parts = {{0, 2}, {1, 3}};
    long sum = 0;
    for (int part = 0; part < parts.length; part++) {
      for (int rank = 0; rank < 2; rank++) {
        CallLog log = new CallLog(4, parts[part], rank);
        log.add(new CollectiveCall(1, "bcast", part == 0 ? rank : 1 - rank, "int[]", 3));
        sum += log.share();
      }
    }
    assertThat(sum).isNotZero();
  }

  /** For these a hash of the members is the same. */
  @Test
  void partsOfOneSplitAreNotTakenForEachOther() {
    int[][] parts = {{0, 40}, {1, 9}};
    Map<Integer, RankNews.Calls> news = new HashMap<>();
    for (int rank = 0; rank < 2; rank++) { // of each part one is over
      CallLog log = new CallLog(4, parts[rank], rank);
      log.add(new CollectiveCall(1, "bcast", rank, "int[]", 3));
      news.put(parts[rank][rank], new RankNews.Calls(log.share(), List.of(log.news())));
    }
    assertThat(new LastCalls(news, Set.of()).first()).isEmpty();
  }

  @Test
  void aRankThatLeavesOutTheLastCallIsNamed() {
    assertToldOf(
        Ranks.ONE_NODE,
        "left out",
        "in a communicator of 4 ranks, in which ranks 0 and 3 of the job are 0 and 3:"
            + " rank 0 was in call 1, bcast(int[] of 3, root 0), rank 3 has ended after 0 calls");
  }

  @Test
  void inACommunicatorThatIsOverItIsFoundToo() {
    assertToldOf(
        Ranks.ONE_NODE,
        "over",
        "the ranks have not called the same, in a communicator that is over or before the last calls");
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "PROCESSES_MEMORY", "NODES_TCP"})
  void whoCallsTheSameInAllCommunicatorsIsLeftInPeace(Ranks ranks) {
    assertThat(ranks.call(4, Parts.class, Integer.class, "none")).containsExactly(0, 1, 2, 3);
  }
}
