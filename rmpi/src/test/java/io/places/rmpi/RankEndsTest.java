package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.node.Node;
import io.places.place.PlaceLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the end of a rank is to the others. */
class RankEndsTest {
  /** Rank 0 ends with much on its way to rank 1, which reads nothing until rank 2 knows of that end. */
  static final class EndsBesideASlowOne implements RmpiFunction<Boolean> {
    private static final int MESSAGES = 240; // of 60 KB: more than fits on the way, less than waits for a receive

    @Override
    public Boolean call(Comm comm, String[] arguments) throws IOException {
      Path told = Path.of(arguments[0]).resolve("told");
      comm.barrier();
      boolean good = true;
      switch (comm.rank()) {
        case 0 -> {
          for (int i = 0; i < MESSAGES; i++) {
            var _ = comm.isend(new byte[60_000], 1, 0);
          }
        }
        case 1 -> {
          good = exists(told); // computes, for all that the others know
          for (int i = 0; i < MESSAGES; i++) {
            good &= comm.recv(byte[].class, 0, 0).length == 60_000;
          }
        }
        default -> {
          try {
            comm.recv(String.class, 0, 0);
          } catch (RankFailedException e) {
            good =
                "rank 0 has ended, and rank 2 waits for a message from it: recv(java.lang.String from rank 0, tag 0)"
                    .equals(e.getMessage());
          }
          Files.createFile(told);
        }
      }
      return good;
    }

    private static boolean exists(Path file) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!Files.exists(file) && System.nanoTime() < end) {
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
      return Files.exists(file);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsForARankThatHasEndedIsToldThoughAnotherHoldsUpItsLastMessages(Ranks ranks, @TempDir Path folder) {
    assertThat(ranks.call(3, EndsBesideASlowOne.class, Boolean.class, folder.toString()))
        .containsExactly(true, true, true);
  }

  /** Rank 1 leaves the operation out. */
  static final class LeavesOut implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        switch (arguments[0]) {
          case "barrier" -> comm.barrier();
          default -> comm.bcast(Slice.of(new double[3_000_000]), 0); // more than is kept for who does not receive
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCallIsNamedInWhichARankWaitsForOneThatHasEnded(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      assertThatThrownBy(() -> Rmpi.launch(ranks.options(), locations, LeavesOut.class, "barrier"))
          .hasMessageMatching(
              "rank 0 has failed: io.places.rmpi.RankFailedException: rank 1 has ended"
                  + "(, and rank 0 waits for a message from it: recv\\(byte\\[\\] of 0 from"
                  + "| without receiving what was sent to it: send\\(byte\\[\\] of 0 to)"
                  + " rank 1, call 1, barrier\\(\\)\\)");
      assertThatThrownBy(() -> Rmpi.launch(ranks.options(), locations, LeavesOut.class, "bcast"))
          .hasMessageMatching(
              "rank 0 has failed: io.places.rmpi.RankFailedException: rank 1 has ended without receiving what was"
                  + " sent to it: send\\(double\\[\\] of \\d+ to rank 1, call 1, bcast\\(double\\[\\] of 3000000, root 0\\)\\)");
    }
  }

  /** Rank 0 claims what the others have sent, and receives none of it. */
  static final class LeavesClaimedMessages implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      try {
        switch (comm.rank()) {
          case 0 -> {
            var _ = comm.mprobe(1, 0);
            var _ = comm.mprobe(2, 0);
          }
          case 1 -> comm.ssend("short", 0, 0);
          default -> comm.send(new byte[100_000], 0, 0);
        }
        return "well";
      } catch (RankFailedException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "NODES_MEMORY", "NODES_TCP", "NODES_CHANNEL"})
  void whoSentWhatARankHasClaimedAndNotReceivedIsToldOfItsEnd(Ranks ranks) {
    String told = "rank 0 has ended without receiving what was sent to it: %s to rank 0, tag 0)";
    try (Node node = Ranks.start()) {
      JobOptions limited = ranks.options().timeLimit(Duration.ofSeconds(20));
      assertThat(Rmpi.call(limited, ranks.locations(node, 3), LeavesClaimedMessages.class, String.class))
          .containsExactly("well", told.formatted("ssend(java.lang.String of 1"), told.formatted("send(byte[] of 100000"));
    }
  }

  /** What rank 0 has left open, for rank 1, a thread of the same JVM. */
  private static final Queue<CompletableFuture<?>> LEFT = new ConcurrentLinkedQueue<>();

  static final class LeavesAFuture implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) throws Exception {
      if (comm.rank() == 0) {
        LEFT.add(comm.isend(new byte[100_000], 1, 0).toFuture());
        return "";
      }
      try {
        return comm.recv(String.class, 0, 1);
      } catch (RankFailedException e) {
        var left = Objects.requireNonNull(LEFT.poll());
        return left.handle((any, failure) -> String.valueOf(failure)).get(20, TimeUnit.SECONDS);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODES_MEMORY", "NODES_TCP", "NODES_CHANNEL"})
  void whatARankHasLeftOpenFailsWithItsEndThoughTheOtherRunsOn(Ranks ranks) {
    assertThat(ranks.call(2, LeavesAFuture.class, String.class).getLast())
        .endsWith("rank 0 has ended without waiting for this: send(byte[] of 100000 to rank 1, tag 0)");
  }
}
