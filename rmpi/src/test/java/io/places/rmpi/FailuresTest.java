package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.cluster.LocalCluster;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.PlaceLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a job when its ranks wait for each other, die, or take too long. */
class FailuresTest {
  private static JobOptions impatient(Ranks ranks) {
    return ranks.options().deadlockTimeout(Duration.ofMillis(500));
  }

  static final class HeadToHead implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 2) {
        return;
      }
      comm.send(new double[100_000], 1 - comm.rank(), 5);
      comm.recv(double[].class, 1 - comm.rank(), 5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoRanksThatSendEachOtherLongMessagesAreReportedWithWhereTheyWait(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 3);
      assertThatThrownBy(() -> Rmpi.launch(impatient(ranks), locations, HeadToHead.class))
          .isInstanceOf(JobFailedException.class)
          .cause()
          .isInstanceOf(DeadlockException.class)
          .hasMessageStartingWith(
              "deadlock: ranks 0, 1 wait for each other, and nothing is under way between them")
          .hasMessageMatching(
              "(?s).*rank 0 has waited \\d+\\.\\d s in send\\(double\\[\\] of 100000 to rank 1, tag 5\\).*")
          .hasMessageMatching(
              "(?s).*rank 1 has waited \\d+\\.\\d s in send\\(double\\[\\] of 100000 to rank 0, tag 5\\).*")
          .hasMessageContaining("FailuresTest$HeadToHead.run(FailuresTest.java:");
    }
  }

  static final class HeadToHeadSynchronous implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      int other = 1 - comm.rank();
      comm.send("buffered", other, 4); // no deadlock
      comm.recv(String.class, other, 4);
      comm.ssend("matched", other, 5);
      comm.recv(String.class, other, 5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoRanksThatSendEachOtherSynchronouslyAreReported(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      assertThatThrownBy(() -> Rmpi.launch(impatient(ranks), locations, HeadToHeadSynchronous.class))
          .cause()
          .isInstanceOf(DeadlockException.class)
          .hasMessageContaining("rank 0 has waited")
          .hasMessageContaining("send(java.lang.String of 1 to rank 1, tag 5)");
    }
  }

  static final class Circle implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 3) {
        comm.recv(String.class, Comm.ANY_SOURCE, 0); // waits, too, but may be freed by any
      }
      comm.recv(String.class, (comm.rank() + 1) % 3, 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCircleOfRanksThatReceiveIsReported(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 4);
      assertThatThrownBy(() -> Rmpi.launch(impatient(ranks), locations, Circle.class))
          .hasMessageContaining("deadlock: ranks 0, 1, 2, 3 wait for each other")
          .hasMessageContaining("in recv(java.lang.String from rank 1, tag 0)")
          .hasMessageContaining("in recv(java.lang.String from any rank, tag 0)");
    }
  }

  static final class MissingCollective implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        comm.recv(String.class, 1, 0);
      }
      comm.barrier();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRankThatIsMissingFromABarrierIsReported(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 3);
      assertThatThrownBy(() -> Rmpi.launch(impatient(ranks), locations, MissingCollective.class))
          .hasMessageContaining("call 1, barrier(");
    }
  }

  static final class Busy implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
        int turns = 0;
        while (System.nanoTime() < end) { // computes: no deadlock, whoever waits for it
          turns++;
        }
        comm.send(turns > 0 ? 1 : 0, 1, 0);
        return 1;
      }
      return comm.recv(Integer.class, 0, 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsForARankThatComputesIsLeftInPeace(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      assertThat(Rmpi.call(impatient(ranks), locations, Busy.class, Integer.class)).containsExactly(1, 1);
    }
  }

  static final class TooLong implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        while (!Thread.currentThread().isInterrupted()) {
          Thread.onSpinWait();
        }
      }
      comm.barrier();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobThatIsNotOverInTimeIsEndedAndWhoWaitsIsNamed(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      JobOptions limited = ranks.options().timeLimit(Duration.ofMillis(300));
      assertThatThrownBy(() -> Rmpi.launch(limited, locations, TooLong.class))
          .hasMessageStartingWith("the job is not over within PT0.3S")
          .hasMessageContaining("rank 1 has waited");
    }
  }

  static final class WaitsForAll implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      System.out.println("rank " + comm.rank() + " waits");
      if (comm.rank() == 0) {
        comm.recv(String.class, 2, 0);
      } else {
        comm.recv(String.class, (comm.rank() + 1) % comm.size(), 0);
      }
    }
  }

  @Test
  void aRankThatIsKilledFailsTheJobWithinASecondAndIsNamed() throws Exception {
    try (LocalCluster cluster = LocalCluster.processes(3)) {
      List<RemoteNode> nodes = new ArrayList<>(List.of(cluster.node(1), cluster.node(2), cluster.node(3)));
      CompletableFuture<Long> failed = new CompletableFuture<>();
      Thread launcher =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      Rmpi.launch(nodes, WaitsForAll.class);
                      failed.complete(0L);
                    } catch (RuntimeException e) {
                      failed.completeExceptionally(e);
                    }
                  });
      awaitStart(nodes);
      long killed = System.nanoTime();
      cluster.kill(2); // that of rank 1
      assertThatThrownBy(() -> failed.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(JobFailedException.class)
          .hasMessageContaining("rank 1 is lost: its node is gone");
      assertThat(System.nanoTime() - killed).isLessThan(TimeUnit.SECONDS.toNanos(5));
      launcher.join();
    }
  }

  /** Writes what it is told into the folder that its argument names. */
  static final class SumsForEver implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      try {
        for (int turn = 0; ; turn++) {
          comm.allreduce(Slice.of(new double[10_000]), ArrayOp.SUM);
          if (turn == 10) {
            Files.writeString(folder.resolve("sums-" + comm.rank()), "");
          }
        }
      } catch (RankFailedException e) {
        String next = failureOf(comm::barrier);
        Files.writeString(folder.resolve("part-" + comm.rank()), e.getMessage() + "\n" + next);
        Files.move(folder.resolve("part-" + comm.rank()), folder.resolve("told-" + comm.rank()));
        throw e;
      }
    }

    private static String failureOf(Runnable call) {
      try {
        call.run();
        return "none";
      } catch (RankFailedException e) {
        return "and again";
      }
    }
  }

  @Test
  void whenARankIsKilledInTheMiddleOfSumsAllOthersAreToldAtOnce(@TempDir Path folder)
      throws Exception {
    try (LocalCluster cluster = LocalCluster.processes(3)) {
      List<RemoteNode> nodes = List.of(cluster.node(1), cluster.node(2), cluster.node(3));
      CompletableFuture<Void> job =
          CompletableFuture.runAsync(
              () -> Rmpi.launch(nodes, SumsForEver.class, folder.toString()));
      for (int rank = 0; rank < 3; rank++) {
        await(folder.resolve("sums-" + rank));
      }
      cluster.kill(3);
      long killed = System.nanoTime();
      for (int rank = 0; rank < 2; rank++) {
        Path told = folder.resolve("told-" + rank);
        await(told);
        assertThat(told)
            .content()
            .startsWith("rank 2 is lost")
            .endsWith("and again");
      }
      assertThat(System.nanoTime() - killed).isLessThan(TimeUnit.SECONDS.toNanos(1));
      assertThatThrownBy(() -> job.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(JobFailedException.class)
          .hasMessageContaining("rank 2 is lost: its node is gone");
    }
  }

  @Test
  void aRankThatFallsSilentFailsAllOthersWithinEightSecondsAndIsNamed(@TempDir Path folder)
      throws Exception {
    try (LocalCluster cluster = LocalCluster.processes(3)) {
      List<RemoteNode> nodes = List.of(cluster.node(1), cluster.node(2), cluster.node(3));
      CompletableFuture<Void> job =
          CompletableFuture.runAsync(
              () -> Rmpi.launch(nodes, SumsForEver.class, folder.toString()));
      for (int rank = 0; rank < 3; rank++) {
        await(folder.resolve("sums-" + rank));
      }
      cluster.pause(2); // that of rank 1
      long silent = System.nanoTime();
      try {
        for (int rank = 0; rank < 3; rank += 2) {
          Path told = folder.resolve("told-" + rank);
          await(told);
          assertThat(told).content().startsWith("rank 1 is lost").endsWith("and again");
        }
        assertThat(System.nanoTime() - silent).isLessThan(TimeUnit.SECONDS.toNanos(8));
        assertThatThrownBy(() -> job.get(20, TimeUnit.SECONDS))
            .hasCauseInstanceOf(JobFailedException.class)
            .hasMessageContaining("rank 1 is lost");
      } finally {
        cluster.resume(2);
      }
    }
  }

  private static void await(Path file) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("%s comes", file.getFileName()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** The places of the ranks are there when they have names to list. */
  private static void awaitStart(List<RemoteNode> nodes) {
    for (RemoteNode node : nodes) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (node.status().places().rows().isEmpty()) {
        assertThat(System.nanoTime()).as("a rank starts on " + node.name()).isLessThan(end);
        Thread.onSpinWait();
      }
    }
  }
}
