package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ListValue;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.place.Place;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages between two ranks and more, over every link. */
class MessagesTest {
  record Greeting(String text, List<Integer> numbers) {}

  static final class Objects implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        comm.send(new Greeting("hello", List.of(1, 2)), 1, 7);
        return comm.recv(String.class, 1, 8);
      }
      Received<Greeting> got = comm.receive(Greeting.class, Comm.ANY_SOURCE, Comm.ANY_TAG);
      comm.send(got.message().text() + got.message().numbers(), 0, 8);
      return "rank %d, tag %d".formatted(got.status().source(), got.status().tag());
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsAndStringsTravelAndWildcardsTellWhoSent(Ranks ranks) {
    assertThat(ranks.call(2, Objects.class, String.class))
        .containsExactly("hello[1, 2]", "rank 0, tag 7");
  }

  /** Messages of classes that protoc has generated: short, long, and with an operation of all. */
  static final class Protobuf implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int other = 1 - comm.rank();
      Timestamp mine = Timestamp.newBuilder().setSeconds(10L + comm.rank()).setNanos(5).build();
      Timestamp theirs = comm.sendrecv(mine, other, 1, Timestamp.class, other, 1);
      Request<Status> sent = comm.isend(numbers(comm.rank()), other, 2);
      ListValue longOne = comm.recv(ListValue.class, other, 2);
      sent.await();
      Timestamp latest = comm.allreduce(mine, (a, b) -> a.getSeconds() < b.getSeconds() ? b : a);
      comm.send(mine, other, 3);
      boolean refused = Mismatches.failure(() -> comm.recv(ListValue.class, other, 3)).contains("Timestamp");
      return "%d %d %s %s %d %s"
          .formatted(
              theirs.getSeconds(),
              theirs.getNanos(),
              longOne.equals(numbers(other)),
              comm.allgather(mine).stream().map(Timestamp::getSeconds).toList(),
              latest.getSeconds(),
              refused);
    }

    private static ListValue numbers(int rank) {
      ListValue.Builder all = ListValue.newBuilder();
      for (int i = 0; i < 20_000; i++) {
        all.addValues(Value.newBuilder().setNumberValue(i + rank / 2.0));
      }
      return all.build();
    }
  }

  @ParameterizedTest
  @EnumSource
  void messagesOfGeneratedClassesTravelAsTheyAre(Ranks ranks) {
    assertThat(ranks.call(2, Protobuf.class, String.class))
        .containsExactly("11 5 true [10, 11] 11 true", "10 5 true [10, 11] 11 true");
  }

  static final class Sizes implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      int[] bytes = {0, 1, 7, 8, 1023, 1024, 65_535, 65_536, 65_537, 1 << 20, 16 << 20};
      int good = 0;
      for (int size : bytes) {
        byte[] pattern = new byte[size];
        for (int i = 0; i < size; i++) {
          pattern[i] = (byte) (i * 31 + 7);
        }
        for (ElementType type : ElementType.values()) {
          int count = size / type.size();
          boolean all = count * type.size() == size;
          good += exchange(comm, type, count, all ? pattern : Arrays.copyOf(pattern, count * type.size())) ? 1 : 0;
        }
      }
      return good;
    }

    private static boolean exchange(Comm comm, ElementType type, int count, byte[] pattern) {
      Slice sent = Slice.of(type.newArray(count));
      sent.decode(pattern, 0);
      if (comm.rank() == 0) {
        comm.send(sent, 1, 0);
        return true;
      }
      Slice got = Slice.of(type.newArray(count + 1));
      Status status = comm.recv(got, 0, 0);
      return status.count() == count && Arrays.equals(got.encode(0, count), pattern);
    }
  }

  @ParameterizedTest
  @EnumSource
  void arraysOfEveryTypeAndSizeArriveAsTheyWereSent(Ranks ranks) {
    assertThat(ranks.call(2, Sizes.class, Integer.class)).containsExactly(77, 77);
  }

  static final class Order implements RmpiFunction<Boolean> {
    private static final int MESSAGES = 10_000;

    @Override
    public Boolean call(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        List<Request<?>> sent = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
          sent.add(comm.isend(message(i), 1, 5));
        }
        Request.awaitAll(sent);
        return true;
      }
      for (int i = 0; i < MESSAGES; i++) {
        if (!Arrays.equals(comm.recv(int[].class, 0, 5), message(i))) {
          return false;
        }
      }
      return true;
    }

    /** Each has its number in it; every hundredth is long enough to wait for its receive. */
    private static int[] message(int number) {
      int[] message = new int[number % 100 == 0 ? 20_000 : 1 + number % 50];
      Arrays.fill(message, number);
      return message;
    }
  }

  @ParameterizedTest
  @EnumSource
  void longAndShortMessagesDoNotOvertake(Ranks ranks) {
    assertThat(ranks.call(2, Order.class, Boolean.class)).containsExactly(true, true);
  }

  static final class Strides implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int[] matrix = {1, 2, 3, 4, 5, 6, 7, 8, 9};
      if (comm.rank() == 0) {
        comm.send(Slice.of(matrix, 1, 3, 3), 1, 0);
        return "";
      }
      Arrays.fill(matrix, 0);
      comm.recv(Slice.of(matrix, 2, 3, 3), 0, 0);
      return Arrays.toString(matrix);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aColumnOfAMatrixIsReceivedAsAnother(Ranks ranks) {
    assertThat(ranks.call(2, Strides.class, String.class))
        .containsExactly("", "[0, 0, 2, 0, 0, 5, 0, 0, 8]");
  }

  /** Parts of matrices, short and long, one of three dimensions, and a part of a part. */
  static final class Blocks implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      int good = exchange(comm, new int[] {4, 5}, new int[] {1, 1}, new int[] {7, 6}, new int[] {3, 0}, 2, 3);
      good += exchange(comm, new int[] {300, 400}, new int[] {1, 2}, new int[] {310, 450}, new int[] {5, 9}, 298, 397);
      good += exchange(comm, new int[] {4, 5, 6}, new int[] {1, 0, 2}, new int[] {3, 6, 9}, new int[] {0, 1, 3}, 3, 5, 4);
      good += exchange(comm, new int[] {6, 5}, new int[] {2, 0}, new int[] {9, 9}, new int[] {1, 1}, 3, 5); // whole rows
      return good;
    }

    private static int exchange(
        Comm comm, int[] fromSizes, int[] fromStarts, int[] toSizes, int[] toStarts, int... counts) {
      long[] from = new long[product(fromSizes)];
      Arrays.setAll(from, i -> i + 1);
      long[] to = new long[product(toSizes)];
      Slice sent = Slice.of(from).subarray(fromSizes, fromStarts, counts);
      Slice into = Slice.of(to).subarray(toSizes, toStarts, counts);
      int size = product(counts);
      if (comm.rank() == 0) {
        comm.send(sent, 1, 0);
        comm.send(sent.slice(1, size - 1), 1, 0);
        comm.send(sent.slice(1, size / 2, 2), 1, 0);
        return 1;
      }
      comm.recv(into, 0, 0);
      long[] expected = new long[to.length];
      for (int i = 0; i < size; i++) {
        expected[place(toSizes, toStarts, counts, i)] = 1L + place(fromSizes, fromStarts, counts, i);
      }
      boolean good = Arrays.equals(to, expected);
      long[] rest = comm.recv(long[].class, 0, 0);
      long[] others = new long[size / 2];
      comm.recv(Slice.of(others), 0, 0);
      for (int i = 1; i < size; i++) {
        good &= rest[i - 1] == 1L + place(fromSizes, fromStarts, counts, i);
        good &= i % 2 == 0 || others[i / 2] == rest[i - 1];
      }
      return good ? 1 : 0;
    }

    private static int product(int[] factors) {
      return Arrays.stream(factors).reduce(1, (a, b) -> a * b);
    }

    /** Index by index. */
    private static int place(int[] sizes, int[] starts, int[] counts, int number) {
      int place = 0;
      int size = product(counts);
      int left = number;
      for (int i = 0; i < sizes.length; i++) {
        size /= counts[i];
        place = place * sizes[i] + starts[i] + left / size;
        left %= size;
      }
      return place;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBlockOfAMatrixIsReceivedAsABlockOfAnother(Ranks ranks) {
    assertThat(ranks.call(2, Blocks.class, Integer.class)).containsExactly(4, 4);
  }

  /** Out of memory outside of the heap, and into it. */
  static final class OffHeap implements RmpiFunction<Long> {
    @Override
    public Long call(Comm comm, String[] arguments) {
      long bytes = Long.parseLong(arguments[0]);
      try (Arena arena = Arena.ofShared()) {
        MemorySegment memory = arena.allocate(bytes);
        if (comm.rank() == 0) {
          memory.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) 42);
          comm.send(Slice.of(memory, ElementType.BYTE), 1, 0);
          comm.barrier();
          return 0L;
        }
        long elements = comm.recv(Slice.of(memory, ElementType.BYTE), 0, 0).elements();
        comm.barrier();
        return memory.get(ValueLayout.JAVA_BYTE, bytes - 1) == 42 ? elements : -1;
      }
    }
  }

  /** More than an array can have, each side, with {@code -Dtest.bytes=2200000000}. */
  @ParameterizedTest
  @EnumSource
  void whatLiesOutsideOfTheHeapIsSentAndReceivedThere(Ranks ranks) {
    long bytes = Long.getLong("test.bytes", 1_000_003);

    assertThat(ranks.call(2, OffHeap.class, Long.class, Long.toString(bytes))).containsExactly(0L, bytes);
  }

  static final class Mismatches implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        comm.send(new double[3], 1, 1);
        comm.send(new double[100_000], 1, 1);
        comm.send("text", 1, 1);
        comm.send(42, 1, 1);
        return "";
      }
      List<String> failures = new ArrayList<>();
      failures.add(failure(() -> comm.recv(Slice.of(new double[2]), 0, 1)));
      failures.add(failure(() -> comm.recv(Slice.of(new int[100_000]), 0, 1)));
      failures.add(failure(() -> comm.recv(Integer.class, 0, 1)));
      failures.add("then " + comm.recv(Integer.class, 0, 1));
      return String.join("\n", failures);
    }

    private static String failure(Runnable call) {
      try {
        call.run();
        return "none";
      } catch (MismatchException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotFitIsRefusedAtTheReceiverAndTheNextMessageArrives(Ranks ranks) {
    assertThat(ranks.call(2, Mismatches.class, String.class).get(1))
        .isEqualTo(
            """
            rank 1 receives at most double[] of 2 from rank 0 with tag 1, which has sent double[] of 3; the message is dropped
            rank 1 receives at most int[] of 100000 from rank 0 with tag 1, which has sent double[] of 100000; the message is dropped
            rank 1 receives java.lang.Integer from rank 0 with tag 1, which has sent java.lang.String; the message is dropped
            then 42""");
  }

  /** Some are refused where they come, not where they are made. */
  record Picky(int value) {
    Picky {
      boolean comes =
          StackWalker.getInstance().walk(all -> all.anyMatch(frame -> frame.getMethodName().equals("decode")));
      if (value < 0 && comes) {
        throw new IllegalArgumentException("less than 0");
      }
    }
  }

  static final class Refuses implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) throws Exception {
      if (comm.rank() == 0) {
        comm.send(new Picky(-1), 1, 0);
        comm.send(new Picky(2), 1, 0);
        comm.send(new Picky(-3), 1, 0);
        comm.send("next", 1, 0);
        return "";
      }
      String said = Mismatches.failure(() -> comm.recv(Picky.class, 0, 0));
      int second = comm.recv(Picky.class, 0, 0).value();
      CompletableFuture<Received<Picky>> third = comm.irecv(Picky.class, 0, 0).toFuture();
      String alsoSaid;
      try {
        alsoSaid = third.get(20, TimeUnit.SECONDS).toString();
      } catch (ExecutionException e) {
        alsoSaid = String.valueOf(e.getCause());
      }
      return said + second + alsoSaid + comm.recv(String.class, 0, 0);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "PAIRS"}, mode = EnumSource.Mode.EXCLUDE) // by whose memory nothing is decoded
  void whatItsConstructorRefusesFailsItsReceiveAloneAndTheNextMessageArrives(Ranks ranks) {
    assertThat(ranks.call(2, Refuses.class, String.class).get(1))
        .startsWith("rank 1 cannot make the ")
        .contains("the message is dropped2")
        .contains("MismatchException: rank 1 cannot make the ")
        .endsWith("the message is droppednext");
  }

  static final class SelfAndNobody implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      comm.send("to myself", comm.rank(), 3);
      Request<Received<String>> got = comm.irecv(String.class, comm.rank(), 3);
      int[] in = new int[300_000];
      int[] out = new int[300_000];
      Arrays.setAll(out, i -> i * 7 + comm.rank());
      Request<Status> sent = comm.isend(out, comm.rank(), 4); // waits for the receive
      comm.irecv(Slice.of(in), comm.rank(), 4).await();
      sent.await();
      comm.send(new int[1 << 20], Comm.PROC_NULL, 0);
      comm.isend(out, Comm.PROC_NULL, 0).await();
      Status nobody = comm.recv(Slice.of(new int[1]), Comm.PROC_NULL, 0);
      return got.await().message() + ", " + nobody.count() + (Arrays.equals(in, out) ? "" : " and others");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRankMaySendToItselfAndToNobody(Ranks ranks) {
    assertThat(ranks.call(2, SelfAndNobody.class, String.class))
        .containsExactly("to myself, 0", "to myself, 0");
  }

  static final class Probes implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        comm.send(new int[12], 1, 9);
        return "";
      }
      Status status = comm.probe(Comm.ANY_SOURCE, Comm.ANY_TAG);
      Optional<Status> again = comm.iprobe(0, 9);
      Optional<Status> other = comm.iprobe(0, 10);
      boolean noneClaimed = comm.improbe(0, 10).isEmpty();
      Message message = comm.improbe(0, 9).filter(any -> noneClaimed).orElseThrow();
      int[] got = message.recv(int[].class);
      return status + " " + again.isPresent() + other.isPresent() + got.length + comm.iprobe(0, 9).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProbeTellsWhatComesAndLeavesItThere(Ranks ranks) {
    assertThat(ranks.call(2, Probes.class, String.class).get(1))
        .isEqualTo("Status[source=0, tag=9, elements=12] truefalse12false");
  }

  static final class AnyAndSome implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      if (comm.rank() > 0) {
        comm.send(comm.rank(), 0, comm.rank());
        return 0;
      }
      List<Request<Received<Integer>>> open = new ArrayList<>();
      for (int rank = 1; rank < comm.size(); rank++) {
        open.add(comm.irecv(Integer.class, rank, rank));
      }
      int sum = 0;
      while (!open.isEmpty()) {
        int first = Request.awaitAny(open.toArray(Request<?>[]::new));
        sum += open.remove(first).await().message();
      }
      return sum;
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestsAreAwaitedInWhateverOrderTheyAreDone(Ranks ranks) {
    assertThat(ranks.call(5, AnyAndSome.class, Integer.class)).startsWith(10);
  }

  static final class Synchronous implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        comm.ssend("matched", 1, 1);
        return comm.recv(String.class, 1, 2).equals("posted")
            && comm.recv(String.class, 1, 3).equals("after");
      }
      Request<Received<String>> got = comm.irecv(String.class, 0, 1);
      comm.send("posted", 0, 2);
      got.await();
      comm.send("after", 0, 3);
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void ssendReturnsWhenAReceiveHasMatched(Ranks ranks) {
    assertThat(ranks.call(2, Synchronous.class, Boolean.class)).containsExactly(true, true);
  }

  static final class Throws implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      if (comm.rank() == 1) {
        throw new IllegalStateException("no flour");
      }
      return comm.recv(Integer.class, Comm.ANY_SOURCE, 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRankThatThrowsEndsTheJobAndIsNamed(Ranks ranks) {
    assertThatThrownBy(() -> ranks.call(3, Throws.class, Integer.class))
        .isInstanceOf(JobFailedException.class)
        .hasMessage("rank 1 has failed: java.lang.IllegalStateException: no flour");
  }

  static final class Inner implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      int from = Integer.parseInt(arguments[0]);
      return comm.allreduce(from + comm.rank(), Integer::sum);
    }
  }

  static void doubles(PlaceChannel<Integer, Integer> creator) {
    creator.put(2 * creator.get());
  }

  /** Each rank has a place and a job of its own where it is, rank 0 also one at a node that it starts. */
  static final class Outer implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      Place<Integer, Integer> place = Node.current().place(MessagesTest::doubles);
      int doubled = place.ask(comm.rank() + 1, Duration.ofSeconds(20));
      String number = Integer.toString(10 * comm.rank());
      List<Integer> here =
          Rmpi.call(Collections.nCopies(2, Node.current()), Inner.class, Integer.class, number);
      List<Integer> apart = comm.rank() > 0 ? List.of() : Rmpi.call(3, Inner.class, Integer.class, "5");
      return "%d %s %s, then %d".formatted(doubled, here, apart, comm.allreduce(1, Integer::sum));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRankMayStartPlacesAndJobsItself(Ranks ranks) {
    assertThat(ranks.call(3, Outer.class, String.class))
        .containsExactly("2 [1, 1] [18, 18, 18], then 3", "4 [21, 21] [], then 3", "6 [41, 41] [], then 3");
  }

  static final class EndsEarly implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      if (comm.rank() == 1) {
        comm.send("last words", 0, 0);
        return "";
      }
      List<String> said = new ArrayList<>(List.of(comm.recv(String.class, 1, 0)));
      try {
        comm.recv(String.class, 1, 0);
      } catch (RankFailedException e) {
        said.add(String.valueOf(e.getMessage()));
      }
      return said.toString();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsForARankThatHasEndedIsTold(Ranks ranks) {
    assertThat(ranks.call(2, EndsEarly.class, String.class))
        .isEqualTo(
            List.of(
                "[last words, rank 1 has ended, and rank 0 waits for a message from it:"
                    + " recv(java.lang.String from rank 1, tag 0)]",
                ""));
  }

  static final class Communicators implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      Comm twin = comm.dup();
      Comm half = comm.split(comm.rank() % 2, -comm.rank()).orElseThrow();
      boolean none = comm.split(comm.rank() == 0 ? Comm.UNDEFINED : 0, 0).isEmpty();
      String got = "";
      if (comm.rank() == 0) {
        comm.send("first", 1, 0);
        twin.send("second", 1, 0);
      } else if (comm.rank() == 1) {
        String second = twin.recv(String.class, 0, 0);
        got = comm.recv(String.class, 0, 0) + second;
      }
      return "%s %d of %d %s".formatted(none, half.rank(), half.size(), got).strip();
    }
  }

  @ParameterizedTest
  @EnumSource
  void communicatorsKeepTheirMessagesApart(Ranks ranks) {
    assertThat(ranks.call(5, Communicators.class, String.class))
        .containsExactly(
            "true 2 of 3", "false 1 of 2 firstsecond", "false 1 of 3", "false 0 of 2", "false 0 of 3");
  }

  sealed interface Shape {}

  sealed interface Round extends Shape {}

  record Circle(double radius) implements Round {}

  record Square(double side) implements Shape {}

  enum Colour {
    RED,
    BLUE { // is of a class of its own
      @Override
      public String toString() {
        return "blue";
      }
    }
  }

  /** Ranks have different ones of what a type can be. */
  static final class Variants implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      Shape mine = comm.rank() == 0 ? new Circle(1) : new Square(2);
      Colour colour = comm.rank() == 0 ? Colour.RED : Colour.BLUE;
      Shape theirs = comm.sendrecv(mine, 1 - comm.rank(), 0, Shape.class, 1 - comm.rank(), 0);
      return "%s %s %s %s %s"
          .formatted(
              theirs,
              comm.allgather(mine),
              comm.allreduce(mine, (lower, higher) -> higher),
              comm.bcast(comm.rank() == 0 ? mine : null, 0, Shape.class),
              comm.allgather(colour));
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsOfASealedInterfaceAndConstantsGoAsWhatTheyHaveInCommon(Ranks ranks) {
    String all = " [Circle[radius=1.0], Square[side=2.0]] Square[side=2.0] Circle[radius=1.0] [RED, blue]";
    assertThat(ranks.call(2, Variants.class, String.class))
        .containsExactly("Square[side=2.0]" + all, "Circle[radius=1.0]" + all);
  }
}
