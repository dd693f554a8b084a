package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.places.GetTimeoutException;
import io.places.node.Node;
import io.places.place.PlaceLocation;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a job when its ranks wait for each other or take too long. Nearly all of the time is waited. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class FailuresTest {
  /** Of a wait with a limit: ranks that wait for each other longer than a fifth of it are found. */
  private static final Duration WHILE = Duration.ofSeconds(1);

  /** A busy machine is too late for the grace of a job now and then. */
  private static final int ATTEMPTS = 3;

  private static JobOptions impatient(Ranks ranks) {
    return ranks.options().deadlockTimeout(Duration.ofSeconds(1)); // a busy machine needs some of it to begin
  }

  static final class HeadToHead implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 2) {
        return;
      }
      int other = 1 - comm.rank();
      Slice message = Slice.of(new double[100_000]);
      comm.sendrecv(message, other, 4, Slice.of(new double[100_000]), other, 4); // these pieces have all come
      comm.send(new double[100_000], other, 5);
      comm.recv(double[].class, other, 5);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
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
              "(?s).*rank 0 has waited [1-9]\\d*\\.\\d s in send\\(double\\[\\] of 100000 to rank 1, tag 5\\).*")
          .hasMessageMatching(
              "(?s).*rank 1 has waited [1-9]\\d*\\.\\d s in send\\(double\\[\\] of 100000 to rank 0, tag 5\\).*")
          .hasMessageContaining("FailuresTest$HeadToHead.run(FailuresTest.java:");
    }
  }

  /** Two ranks with objects, two with arrays: a long one, and one that a plain send would not wait with. */
  static final class HeadToHeadSynchronous implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      int other = comm.rank() ^ 1;
      comm.send("buffered", other, 4); // no deadlock
      comm.recv(String.class, other, 4);
      comm.send(new double[10], other, 4); // nor this
      comm.recv(double[].class, other, 4);
      comm.barrier(); // who begins late is not missing from the report
      Object matched =
          switch (comm.rank()) {
            case 2 -> new double[100_000];
            case 3 -> new double[10];
            default -> "matched";
          };
      comm.ssend(matched, other, 5);
      comm.recv(matched.getClass(), other, 5);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void twoRanksThatSendEachOtherSynchronouslyAreReported(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 4);
      assertThatThrownBy(() -> Rmpi.launch(impatient(ranks), locations, HeadToHeadSynchronous.class))
          .cause()
          .isInstanceOf(DeadlockException.class)
          .hasMessageStartingWith("deadlock: ranks 0, 1, 2, 3 wait for each other")
          .hasMessageContaining("rank 0 has waited")
          .hasMessageContaining("send(java.lang.String of 1 to rank 1, tag 5)")
          .hasMessageContaining("send(double[] of 100000 to rank 3, tag 5)")
          .hasMessageContaining("send(double[] of 10 to rank 2, tag 5)");
    }
  }

  /** Rank 0 gives up by itself, and sends then what rank 1 waits for. */
  static final class WaitsForAWhile implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) throws Exception {
      if (comm.rank() == 1) {
        return comm.recv(String.class, 0, 0);
      }
      Request<Received<String>> never = comm.irecv(String.class, 1, 0);
      try {
        waitForAWhile(never, arguments[0]);
        return "something came";
      } catch (GetTimeoutException | TimeoutException e) {
        comm.send("go on", 1, 0);
        return "gave up";
      }
    }

    private static void waitForAWhile(Request<Received<String>> never, String how) throws Exception {
      long millis = WHILE.toMillis();
      TimeUnit unit = TimeUnit.MILLISECONDS;
      try {
        switch (how) {
          case "future" -> never.toFuture().get(millis, unit);
          case "limit" -> never.toFuture().orTimeout(millis, unit).thenApply(Received::message).join();
          case "either" ->
              never
                  .toFuture()
                  .thenApply(Received::message)
                  .applyToEither(new CompletableFuture<String>().orTimeout(millis, unit), String::strip)
                  .join();
          default -> never.await(WHILE);
        }
      } catch (CompletionException e) {
        throw e.getCause() instanceof TimeoutException late ? late : e;
      }
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({
    "ONE_NODE, await",
    "ONE_NODE, future",
    "ONE_NODE, limit",
    "ONE_NODE, either",
    "NODES_MEMORY, await",
    "NODES_MEMORY, future"
  })
  void aWaitThatEndsByItselfIsNoDeadlock(Ranks ranks, String how) {
    try (Node node = Ranks.start()) {
      JobOptions quick = ranks.options().deadlockTimeout(WHILE.dividedBy(5));
      assertThat(Rmpi.call(quick, ranks.locations(node, 2), WaitsForAWhile.class, String.class, how))
          .containsExactly("gave up", "go on");
    }
  }

  static final class Circle implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      comm.barrier(); // one that begins late is not missing from the circle
      if (comm.rank() == 3) {
        comm.recv(String.class, Comm.ANY_SOURCE, 0); // waits, too, but may be freed by any
      }
      if (comm.rank() == 1) {
        comm.irecv(String.class, 2, 0).toFuture().thenApply(Received::message).join();
      }
      comm.recv(String.class, (comm.rank() + 1) % 3, 0);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aCircleOfRanksThatReceiveIsReported(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 4);
      assertThatThrownBy(() -> Rmpi.launch(impatient(ranks), locations, Circle.class))
          .hasMessageContaining("deadlock: ranks 0, 1, 2, 3 wait for each other")
          .hasMessageContaining("in recv(java.lang.String from rank 1, tag 0)")
          .hasMessageContaining("in recv(java.lang.String from rank 2, tag 0)") // as a future
          .hasMessageContaining("in recv(java.lang.String from any rank, tag 0)");
    }
  }

  static final class DeadlockInAPart implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      Comm half = comm.split(comm.rank() % 2, 0).orElseThrow();
      if (comm.rank() % 2 == 0) {
        half.recv(Integer.class, 1 - half.rank(), 3);
      }
    }
  }

  @Test
  void aDeadlockInAPartOfTheRanksNamesThePeerByItsNumberInTheJobToo() {
    try (Node node = Ranks.start()) {
      assertThatThrownBy(
              () ->
                  Rmpi.launch(
                      impatient(Ranks.ONE_NODE),
                      Ranks.ONE_NODE.locations(node, 4),
                      DeadlockInAPart.class))
          .hasMessageContaining("deadlock: ranks 0, 2 wait for each other")
          .hasMessageContaining("from rank 1 of its communicator, the job's rank 2, tag 3");
    }
  }

  static final class DeadlockInTwins implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      Comm first = comm.dup();
      Comm second = comm.dup();
      int other = comm.rank() ^ 1;
      switch (comm.rank()) {
        case 0 -> first.recv(Integer.class, other, 3);
        case 1 -> second.recv(Integer.class, other, 3);
        default -> second.createGroup(comm.group().include(2, 3), comm.rank());
      }
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aDeadlockIsReportedWithTheCommunicatorInWhichEachWaitsAndWithWhatMakesOne() {
    try (Node node = Ranks.start()) {
      assertThatThrownBy(
              () ->
                  Rmpi.launch(
                      impatient(Ranks.ONE_NODE), Ranks.ONE_NODE.locations(node, 4), DeadlockInTwins.class))
          .hasMessageContaining("deadlock: ranks 0, 1, 2, 3 wait for each other")
          .hasMessageContaining("in recv(java.lang.Integer from rank 1, tag 3) in world.dup #1")
          .hasMessageContaining("in recv(java.lang.Integer from rank 0, tag 3) in world.dup #2")
          .hasMessageContaining(
              "in createGroup(ranks [2, 3] of the job, tag 2) in world.dup #2, which waits for rank 3")
          .hasMessageContaining(
              "in createGroup(ranks [2, 3] of the job, tag 3) in world.dup #2, which waits for rank 2");
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
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aRankThatIsMissingFromABarrierIsReported(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 3);
      assertThatThrownBy(() -> Rmpi.launch(impatient(ranks), locations, MissingCollective.class))
          .hasMessageContaining("call 1, barrier(");
    }
  }

  /** Rank 0 cannot send memory that is free already, and then the two wait for each other. */
  static final class SendsWhatIsFree implements RmpiProgram {
    private static final int EACH = 300; // more than there are slots, or may be ahead

    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        Slice little;
        Slice much;
        try (Arena arena = Arena.ofShared()) {
          little = Slice.of(arena.allocate(4_000), ElementType.SHORT);
          much = Slice.of(arena.allocate(60_000), ElementType.BYTE);
        }
        assertThatThrownBy(() -> comm.isend(little, 1, 0)).hasMessage("Already closed"); // its name alone goes
        for (int i = 0; i < EACH; i++) {
          assertThatThrownBy(() -> comm.send(little, 1, 0)).hasMessage("Already closed");
          assertThatThrownBy(() -> comm.isend(much, 1, 0)).hasMessage("Already closed");
          assertThatThrownBy(() -> comm.ssend(much, 1, 0)).hasMessage("Already closed");
        }
        if (arguments[0].equals("good")) {
          comm.send(new byte[4_000], 1, 0);
          comm.send(new byte[60_000], 1, 0);
          comm.send("these need not wait", 1, 1);
        }
      } else if (arguments[0].equals("good")) {
        comm.recv(String.class, 0, 1);
        comm.recv(byte[].class, 0, 0);
        comm.recv(byte[].class, 0, 0);
      }
      comm.recv(int[].class, 1 - comm.rank(), 2);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({
    "NODES_MEMORY, good",
    "NODES_MEMORY, none",
    "NODES_TCP, good",
    "NODES_TCP, none",
    "NODES_CHANNEL, good"
  })
  void ranksThatWaitForEachOtherAreReportedThoughSomeSendsHaveFailed(Ranks ranks, String others) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      JobOptions limited = impatient(ranks).timeLimit(Duration.ofSeconds(30));
      assertThatThrownBy(() -> Rmpi.launch(limited, locations, SendsWhatIsFree.class, others))
          .hasMessageContaining("deadlock: ranks 0, 1 wait for each other")
          .hasMessageContaining("in recv(int[] from rank 1, tag 2)")
          .hasMessageContaining("in recv(int[] from rank 0, tag 2)");
    }
  }

  /** Rank 0 has freed what rank 1 wants only then; it hears of that, and does not mind. */
  static final class OffersWhatIsFree implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      int much = 1_000_000;
      if (comm.rank() == 1) {
        comm.recv(String.class, 0, 1);
        comm.recv(byte[].class, 0, 0);
      } else if (comm.rank() == 0) {
        Request<Status> free;
        try (Arena arena = Arena.ofShared()) {
          free = comm.isend(Slice.of(arena.allocate(much), ElementType.BYTE), 1, 0);
        }
        comm.send("it is free by now", 1, 1);
        assertThatThrownBy(free::await).hasMessageContaining("Already closed");
      } else {
        comm.recv(String.class, 0, 2); // for ever, if nobody told it
      }
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource(names = {"NODES_MEMORY", "NODES_TCP", "NODES_CHANNEL"})
  void aMessageThatIsWantedAndCannotBeSentEndsTheJobAndSaysWhose(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 3);
      JobOptions limited = ranks.options().timeLimit(Duration.ofSeconds(30));
      assertThatThrownBy(() -> Rmpi.launch(limited, locations, OffersWhatIsFree.class))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("rank 0 cannot send to rank 1: java.lang.IllegalStateException: Already closed");
    }
  }

  static final class Busy implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(900);
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
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void whoWaitsForARankThatComputesIsLeftInPeace(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      assertThat(Rmpi.call(impatient(ranks), locations, Busy.class, Integer.class)).containsExactly(1, 1);
    }
  }

  static final class Slips implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      switch (arguments[0]) {
        case "null" -> comm.allreduce(comm.rank(), Slips::nothing);
        case "too many" -> {
          int most = Integer.MAX_VALUE;
          Slice some = Slice.of(new int[1]);
          comm.reduceScatter(some, some, new int[] {most, most, most}, ArrayOp.SUM);
        }
        default -> {
          if (comm.rank() == 0) {
            comm.ssend("hello?", 0, 0);
          }
        }
      }
    }

    @SuppressWarnings("NullAway") // the slip
    private static Integer nothing(Integer lower, Integer higher) {
      return null;
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({
    "null, 'the operator of call 1, allreduce(java.lang.Integer) gives null'",
    "too many, the part of rank 2 begins behind 4294967294 elements",
    "alone, deadlock: rank 0 waits for itself alone"
  })
  void aSlipEndsTheJobAndIsToldInWords(String slip, String words) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = Ranks.ONE_NODE.locations(node, 3);
      assertThatThrownBy(() -> Rmpi.launch(impatient(Ranks.ONE_NODE), locations, Slips.class, slip))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining(words);
    }
  }

  static final class Aborts implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 1) {
        comm.abort("no flour");
      }
      comm.barrier();
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aRankMayEndTheWholeJobAndSayWhy(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 3);
      assertThatThrownBy(() -> Rmpi.launch(ranks.options(), locations, Aborts.class))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("rank 1 has aborted the job: no flour");
    }
  }

  /** The others are heard of first. */
  static final class AbortsAndEndsLast implements RmpiProgram {
    private static final List<CountDownLatch> OTHERS_FAILED =
        Stream.generate(() -> new CountDownLatch(3)).limit(ATTEMPTS).toList();

    @Override
    public void run(Comm comm, String[] arguments) throws InterruptedException {
      CountDownLatch othersFailed = OTHERS_FAILED.get(Integer.parseInt(arguments[0]));
      try {
        if (comm.rank() == 1) {
          comm.abort("no flour");
        }
        if (comm.rank() != 2) {
          comm.irecv(String.class, 1, 0).toFuture().join(); // throws what a future makes of it
        }
        comm.barrier();
      } finally {
        if (comm.rank() == 1) {
          othersFailed.await(20, TimeUnit.SECONDS);
        } else {
          othersFailed.countDown();
        }
      }
    }
  }

  @Test
  void whoHasEndedTheWholeJobIsNamedThoughOthersWereHeardOfFirst() {
    Throwable thrown = null;
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = Ranks.NODES_TCP.locations(node, 4);
      for (int i = 0; i < ATTEMPTS && !(thrown instanceof JobFailedException failed && failed.rank() == 1); i++) {
        String attempt = String.valueOf(i);
        thrown =
            catchThrowable(
                () -> Rmpi.launch(Ranks.NODES_TCP.options(), locations, AbortsAndEndsLast.class, attempt));
      }
      assertThat(thrown)
          .isInstanceOfSatisfying(JobFailedException.class, e -> assertThat(e.rank()).isEqualTo(1))
          .hasMessageStartingWith("rank 1 ")
          .hasMessageContaining("rank 1 has aborted the job: no flour");
    }
  }

  static final class TooLong implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws InterruptedException {
      if (comm.rank() == 0) {
        new CountDownLatch(1).await(); // in no call of ours
      }
      comm.barrier();
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aJobThatIsNotOverInTimeIsEndedAndWhoWaitsIsNamed(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      JobOptions limited = ranks.options().timeLimit(Duration.ofSeconds(2)); // a busy machine needs some of it to begin
      assertThatThrownBy(() -> Rmpi.launch(limited, locations, TooLong.class))
          .hasMessageStartingWith("the job is not over within 2 s")
          .hasMessageContaining("rank 1 has waited");
    }
  }

  static final class NeverTaken implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws InterruptedException {
      if (comm.rank() == 0) {
        for (int i = 0; i < 250; i++) { // more than fits on the way, less than waits for a receive
          var _ = comm.isend(new byte[60_000], 1, 0);
        }
      } else {
        new CountDownLatch(1).await(); // in no call of ours
      }
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource(names = {"NODES_MEMORY", "NODES_TCP"})
  void whoCannotEndAsAnotherTakesNothingOfWhatItHasSentIsNamedWithThatOne(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      JobOptions limited = ranks.options().timeLimit(Duration.ofSeconds(2));
      assertThatThrownBy(() -> Rmpi.launch(limited, locations, NeverTaken.class))
          .hasMessageMatching(
              "the job is not over within 2 s\\s+rank 0 has waited \\d\\.\\d s in its end,"
                  + " as rank 1 has not taken all that was sent to it");
    }
  }
}
