package io.places.rmpi;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.places.PlacesException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which message goes to which receive, when several could. */
class MatchingTest {
  static final class ManySenders implements RmpiFunction<Boolean> {
    private static final int EACH = 200;

    @Override
    public Boolean call(Comm comm, String[] arguments) {
      if (comm.rank() > 0) {
        for (int i = 0; i < EACH; i++) {
          comm.send(new int[] {i}, 0, i % 3);
        }
        return true;
      }
      int[] next = new int[comm.size()];
      for (int i = 0; i < EACH * (comm.size() - 1); i++) {
        Received<int[]> got = comm.receive(int[].class, Comm.ANY_SOURCE, Comm.ANY_TAG);
        int number = next[got.status().source()]++;
        if (got.message()[0] != number || got.status().tag() != number % 3) {
          return false;
        }
      }
      return Arrays.stream(next, 1, next.length).allMatch(count -> count == EACH);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoReceivesFromAnyHasTheMessagesOfEachSenderInTheirOrder(Ranks ranks) {
    assertThat(ranks.call(5, ManySenders.class, Boolean.class))
        .isEqualTo(Collections.nCopies(5, true));
  }

  static final class Overlapping implements RmpiFunction<String> {
    private static final Executor IN_OTHER = task -> Thread.ofPlatform().daemon().start(task);

    @Override
    public String call(Comm comm, String[] arguments) {
      if (comm.rank() == 1) {
        comm.recv(String.class, 0, 0);
        for (String text : List.of("7a", "7b", "9c", "7d", "9e")) {
          comm.send(text, 0, Character.digit(text.charAt(0), 10));
        }
        comm.recv(String.class, 0, 0);
        comm.send("claimed", 0, 8); // neither waits for a receive
        comm.send(new int[] {6}, 0, 8);
        comm.send("done", 0, 6);
        return "";
      }
      List<Request<Received<String>>> posted =
          List.of(
              comm.irecv(String.class, 1, 9),
              comm.irecv(String.class, Comm.ANY_SOURCE, Comm.ANY_TAG),
              comm.irecv(String.class, 1, 7),
              comm.irecv(String.class, Comm.ANY_SOURCE, 9),
              comm.irecv(String.class, 1, Comm.ANY_TAG));
      comm.send("all are posted", 1, 0);
      List<String> got = new ArrayList<>();
      for (Request<Received<String>> each : posted) {
        got.add(each.await().message());
      }
      CompletableFuture<Message> claimed = CompletableFuture.supplyAsync(() -> comm.mprobe(1, 8), IN_OTHER);
      await(comm, 1);
      CompletableFuture<Message> array = CompletableFuture.supplyAsync(() -> comm.mprobe(1, 8), IN_OTHER);
      await(comm, 2);
      comm.send("both are posted", 1, 0);
      got.add(comm.recv(String.class, 1, 6));
      got.add(claimed.join().recv(String.class));
      got.add(Arrays.toString(array.join().recv(int[].class)));
      return String.join(" ", got);
    }

    private static void await(Comm comm, int waits) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (comm.world().state().waits().size() < waits) {
        assertThat(System.nanoTime()).as("%d receives wait", waits).isLessThan(end);
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void receivesThatOverlapMatchInTheOrderOfPostingAndWhatIsClaimedHoldsUpNoSender(Ranks ranks) {
    assertThat(ranks.call(2, Overlapping.class, String.class))
        .containsExactly("9c 7a 7b 9e 7d done claimed [6]", "");
  }

  /** Rank 0 sends memory that is free already: nothing can be kept of it, neither for who claims it nor for nobody. */
  static final class CannotBeKept implements RmpiFunction<String> {
    private static final CompletableFuture<Comm> CLAIMER = new CompletableFuture<>();
    private static final int LENGTH = 60_000;
    private static final int MESSAGES = 300; // more than is kept at once

    @Override
    public String call(Comm comm, String[] arguments) throws Exception {
      if (comm.rank() == 1) {
        CLAIMER.complete(comm);
        return claim(comm);
      }
      Slice free = free(LENGTH);
      Overlapping.await(CLAIMER.join(), 1);
      boolean good = fails(() -> comm.isend(free, 1, 0));
      for (int i = 0; i < MESSAGES; i++) {
        good &= fails(() -> comm.isend(free, 1, 1));
      }
      comm.send(new byte[LENGTH], 1, 1); // is kept
      comm.send("over", 1, 2);
      return String.valueOf(good);
    }

    private static String claim(Comm comm) {
      try {
        return comm.mprobe(0, 0).recv(String.class);
      } catch (RmpiException e) {
        return e.getMessage() + ", " + comm.recv(String.class, 0, 2);
      }
    }

    private static boolean fails(Callable<?> call) throws Exception {
      try {
        return call.call() == null;
      } catch (IllegalStateException e) {
        return true;
      }
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void whoClaimsWhatCannotBeKeptIsToldAndNothingIsTakenOfTheRoomForOthers() {
    assertThat(Ranks.ONE_NODE.call(2, CannotBeKept.class, String.class))
        .containsExactly(
            "true",
            "rank 1 cannot take the byte[] of 60000 that rank 0 has sent:"
                + " java.lang.IllegalStateException: Already closed, over");
  }

  /** As without memory for what is to be said of it either. */
  static final class CannotEvenBeDropped implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      Request<Message> request = new Request<>(comm.world(), null, () -> "mprobe");
      Incoming incoming = new Incoming() {
        @Override
        public Envelope envelope() {
          return new Envelope(0, 0, 0, "byte[]", bytes(), null);
        }

        @Override
        public long bytes() {
          return 5;
        }

        @Override
        public void keep() {}

        @Override
        public void hold() {
          throw new IllegalStateException("not held");
        }

        @Override
        public void giveTo(Posted.Receive receive) {}

        @Override
        public void drop() {
          throw new IllegalStateException("not dropped");
        }

        @Override
        public void fail(Supplier<? extends PlacesException> why) {}
      };
      try {
        new Posted.Claim(comm, 0, 0, 0, request).matched(incoming);
        return "taken";
      } catch (IllegalStateException e) {
        return String.valueOf(catchThrowable(() -> request.await(Duration.ofSeconds(10))).getMessage());
      }
    }
  }

  @Test
  void whoClaimsWhatCanNeitherBeKeptNorDroppedIsTold() {
    assertThat(Ranks.ONE_NODE.call(1, CannotEvenBeDropped.class, String.class))
        .containsExactly(
            "rank 0 cannot take the byte[] of 5 that rank 0 has sent: java.lang.IllegalStateException: not held");
  }

  /** As a claim, rank 1 looks for what rank 0 cannot send. */
  static final class CannotBeKeptForAProbe implements RmpiFunction<String> {
    private static final CompletableFuture<Comm> PROBER = new CompletableFuture<>();

    @Override
    public String call(Comm comm, String[] arguments) throws Exception {
      if (comm.rank() == 1) {
        PROBER.complete(comm);
        return comm.probe(0, Comm.ANY_TAG).tag() + " " + comm.recv(String.class, 0, Comm.ANY_TAG);
      }
      Overlapping.await(PROBER.join(), 1);
      boolean fails = CannotBeKept.fails(() -> comm.isend(free(CannotBeKept.LENGTH), 1, 0));
      comm.send("over", 1, 1);
      return String.valueOf(fails);
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void whoLooksForAMessageWaitsOnIfOneCannotBeKept() {
    assertThat(Ranks.ONE_NODE.call(2, CannotBeKeptForAProbe.class, String.class)).containsExactly("true", "1 over");
  }

  /** Rank 1 receives into memory that is free already. */
  static final class CannotBeTaken implements RmpiFunction<String> {
    private static final int LONG = 100_000; // its sender waits for the receive

    @Override
    public String call(Comm comm, String[] arguments) throws Exception {
      if (comm.rank() == 0) {
        comm.send(comm.allocateShared(ElementType.BYTE, LONG), 1, 0);
        comm.ssend(new byte[1_000], 1, 0);
        for (int i = 0; i < CannotBeKept.MESSAGES; i++) {
          comm.send(new byte[CannotBeKept.LENGTH], 1, 0);
        }
        comm.send(new byte[CannotBeKept.LENGTH], 1, 1); // is kept
        comm.send("over", 1, 2);
        return "over";
      }
      Slice free = free(LONG);
      boolean good = true;
      for (int i = 0; i < 2 + CannotBeKept.MESSAGES; i++) {
        comm.probe(0, 0); // it is there before its receive
        good &= CannotBeKept.fails(() -> comm.recv(free, 0, 0));
      }
      return good + " " + comm.recv(String.class, 0, 2) + " " + comm.recv(byte[].class, 0, 1).length;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "NODES_MEMORY"})
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void whoSendsWhatCannotBeTakenIsDoneAndNothingIsTakenOfTheRoomForOthers(Ranks ranks) {
    assertThat(ranks.call(2, CannotBeTaken.class, String.class)).containsExactly("over", "true over 60000");
  }

  private static Slice free(int bytes) {
    try (Arena arena = Arena.ofShared()) {
      return Slice.of(arena.allocate(bytes), ElementType.BYTE);
    }
  }

  static final class ThreeThreads implements RmpiFunction<Integer> {
    private static final int MESSAGES = 2_000;
    private static final int DATA = 1;
    private static final int END = 2;

    @Override
    public Integer call(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        for (int i = 0; i < MESSAGES; i++) {
          int[] message = new int[1 + i % 70];
          Arrays.fill(message, message.length);
          comm.send(message, 1, DATA);
        }
        for (int thread = 0; thread < 3; thread++) {
          comm.send(new int[1], 1, END);
        }
        return 0;
      }
      Thread.Builder[] kinds = {Thread.ofPlatform(), Thread.ofVirtual()};
      List<CompletableFuture<Integer>> others = new ArrayList<>();
      for (Thread.Builder kind : kinds) {
        CompletableFuture<Integer> other = new CompletableFuture<>();
        others.add(other);
        kind.start(
            () -> {
              try {
                other.complete(takeAll(comm));
              } catch (RuntimeException e) {
                other.completeExceptionally(e);
              }
            });
      }
      return takeAll(comm) + others.stream().mapToInt(CompletableFuture::join).sum();
    }

    private static int takeAll(Comm comm) {
      int taken = 0;
      while (true) {
        Message message = comm.mprobe(0, Comm.ANY_TAG);
        int[] room = new int[message.status().count()];
        message.recv(Slice.of(room));
        if (message.status().tag() == END) {
          return taken;
        }
        taken += Arrays.stream(room).allMatch(each -> each == room.length) ? 1 : 0;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void threeThreadsThatProbeAndReceiveDoNotTakeEachOthersMessages(Ranks ranks) {
    assertThat(ranks.call(2, ThreeThreads.class, Integer.class)).containsExactly(0, 2_000);
  }

  static final class Mixed implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      int next = (comm.rank() + 1) % comm.size();
      int previous = (comm.rank() + comm.size() - 1) % comm.size();
      boolean good = true;
      for (int i = 0; i < 200; i++) {
        Request<Status> sent = comm.isend(new int[] {i, comm.rank()}, next, 0);
        int[] all = {comm.rank() == i % comm.size() ? i : -1};
        comm.bcast(Slice.of(all), i % comm.size());
        int[] got = comm.recv(int[].class, previous, 0);
        int[] sum = {1};
        comm.allreduce(Slice.of(sum), ArrayOp.SUM);
        sent.await();
        good &= all[0] == i && got[0] == i && got[1] == previous && sum[0] == comm.size();
      }
      return good;
    }
  }

  @ParameterizedTest
  @EnumSource
  void messagesAndCollectiveOperationsOfTheSameTagDoNotMix(Ranks ranks) {
    assertThat(ranks.call(3, Mixed.class, Boolean.class)).isEqualTo(Collections.nCopies(3, true));
  }

  static final class Requests implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int peer = 1 - comm.rank();
      int[] in = new int[1];
      Request<Status> nobody = comm.irecv(Slice.of(in), Comm.PROC_NULL, 0);
      Request<Status> late = comm.irecv(Slice.of(in), peer, 1);
      String before =
          "%d %s %s %s"
              .formatted(
                  Request.awaitAny(late, nobody),
                  Request.awaitSome(late, nobody),
                  Request.allDone(nobody),
                  Request.allDone(late, nobody));
      comm.barrier();
      comm.send(new int[] {4}, peer, 1);
      Request.awaitAll(late, nobody);
      Request.awaitAll(late, nobody); // those that are done may be waited for again
      boolean first = late.test().isPresent();
      return "%s, then %d %s %s %d"
          .formatted(
              before,
              Request.awaitAny(late, nobody),
              Request.doneOf(late, nobody),
              first && late.test().isPresent(),
              in[0]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestsThatAreDoneStayDone(Ranks ranks) {
    assertThat(ranks.call(2, Requests.class, String.class))
        .isEqualTo(Collections.nCopies(2, "1 [1] true false, then 0 [0, 1] true 4"));
  }

  static final class Nobody implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int[] kept = {5};
      Status received =
          comm.sendrecv(kept, Comm.PROC_NULL, 0, Slice.of(kept), Comm.PROC_NULL, Comm.ANY_TAG);
      comm.ssend(kept, Comm.PROC_NULL, 0);
      Status probed = comm.probe(Comm.PROC_NULL, 3);
      return "%d %d %s %s"
          .formatted(
              kept[0],
              received.source(),
              probed.equals(received),
              comm.iprobe(Comm.PROC_NULL, 3).equals(java.util.Optional.of(probed)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatHasToDoWithNobodyIsDoneAtOnce(Ranks ranks) {
    assertThat(ranks.call(2, Nobody.class, String.class))
        .isEqualTo(Collections.nCopies(2, "5 -2 true true"));
  }

  static final class Slips implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int[] room = new int[1];
      Slice into = Slice.of(room);
      List<String> said =
          List.of(
              refusal(() -> comm.irecv(String.class, 0, -3)),
              refusal(() -> comm.probe(0, -3)),
              refusal(() -> comm.bcast(into, Comm.ANY_SOURCE)),
              refusal(() -> comm.scatter(List.of(1), -1, Integer.class)),
              refusal(() -> comm.sendrecv(room, 7, 0, into, 0, 0)),
              refusal(() -> comm.sendrecv(room, 0, -1, into, 0, 0)),
              refusal(() -> comm.sendrecv(new Object(), 0, 0, into, 0, 0)),
              refusal(() -> comm.send(List.of(1), 0, 0)),
              refusal(() -> comm.allocateShared(ElementType.INT, -1)),
              refusal(() -> Cartesian.sizes(0, 0, 0)),
              refusal(() -> comm.cartesian(new int[] {1 << 30, 1 << 30, 8}, new boolean[3])),
              refusal(() -> comm.createGroup(comm.group(), Integer.MAX_VALUE)),
              refusal(() -> comm.group().include(0, 1)),
              refusal(() -> into.subarray(new int[] {1 << 30, 1 << 30, 8}, new int[3], new int[3])),
              refusal(() -> into.slice(0L, Long.MAX_VALUE, Long.MAX_VALUE)),
              refusal(() -> Rmpi.call(-1, Slips.class, String.class)));
      int[] other = new int[1];
      comm.send(new int[] {5}, 0, 0);
      comm.recv(Slice.of(other), 0, 0); // which nothing that was refused takes away
      comm.send(7, 0, 0);
      int boxed = comm.recv(int.class, 0, 0);
      return String.join("\n", said) + "\n" + room[0] + other[0] + boxed;
    }

    private static String refusal(Runnable slip) {
      try {
        slip.run();
        return "taken";
      } catch (IllegalArgumentException | io.places.MessageNotAllowedException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  @Test
  void slipsAreRefusedAndLeaveNothingBehind() {
    assertThat(Ranks.ONE_NODE.call(1, Slips.class, String.class))
        .singleElement(as(STRING))
        .hasLineCount(17)
        .doesNotContain("taken")
        .contains("with a tag of 0 or more, or with ANY_TAG; not -3")
        .contains("rank -1 of a communicator of 1")
        .contains("rank 7 of a communicator of 1")
        .contains("java.lang.Object")
        .contains("make it a component of a record")
        .contains("a grid of [1073741824, 1073741824, 8] has 9223372036854775808 cells; there are 1 ranks")
        .contains("position 1 of a group of 1")
        .contains("end with element 85070591730234615838173535747377725442; there are 1")
        .contains("a job has 1 rank at least, not -1")
        .contains("sizes [1073741824, 1073741824, 8] has 9223372036854775808 elements; the slice has 1")
        .contains("a tag of createGroup is at most 2147483646, not 2147483647")
        .endsWith("\n057");
  }
}
