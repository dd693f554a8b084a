package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.MessageNotAllowedException;
import io.places.PlaceInterruptedException;
import io.places.PutTimeoutException;
import io.places.message.MessageType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages between the two ends of a channel inside one JVM. */
class ChannelTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final PlaceChannel.Pair<String, Integer> ends =
      PlaceChannel.pair(String.class, Integer.class);
  private final PlaceChannel<String, Integer> first = ends.first();
  private final PlaceChannel<Integer, String> second = ends.second();

  @Test
  void messagesArriveInTheOrderInWhichTheyWerePutAndBothWays() {
    List<Integer> numbers = IntStream.range(0, 1_000).boxed().toList();
    numbers.forEach(number -> first.put("message " + number));
    numbers.forEach(second::put);

    assertThat(numbers).allSatisfy(n -> assertThat(second.get()).isEqualTo("message " + n));
    assertThat(numbers).allSatisfy(n -> assertThat(first.get(SOON)).isEqualTo(n));
  }

  @Test
  void theOrderIsKeptWhileBothEndsWorkAtFullSpeed() throws Exception {
    int count = 300_000;
    var putter =
        Task.start(
            () -> {
              for (int i = 0; i < count; i++) {
                second.put(i);
              }
              return count;
            });

    for (int i = 0; i < count; i++) {
      int got = first.get(SOON);
      if (got != i) {
        assertThat(got).isEqualTo(i);
      }
    }
    assertThat(putter.result()).isEqualTo(count);
    assertThat(first.poll()).isEmpty();
  }

  @Test
  void getWaitsForTheNextMessage() throws Exception {
    var getter = Task.startWaiting(second::get);
    first.put("at last");
    assertThat(getter.result()).isEqualTo("at last");
  }

  @Test
  void pollTakesWhatIsThereAndNothingElse() {
    assertThat(second.poll()).isEmpty();
    first.put("a");
    assertThat(second.poll()).contains("a");
    assertThat(second.poll()).isEmpty();
  }

  @Test
  void theReceiverDoesNotSeeLaterChangesByTheSender() {
    var arrays = PlaceChannel.pair(byte[].class, byte[].class);
    byte[] sent = {1, 2, 3};
    arrays.first().put(sent);
    sent[0] = 9;

    assertThat(arrays.second().get()).containsExactly(1, 2, 3);
  }

  @Test
  void aGetThatTimesOutNamesThePeerAndTheTimeAndTheChannelGoesOn() {
    assertThatThrownBy(() -> second.get(SHORT))
        .isInstanceOf(GetTimeoutException.class)
        .hasMessage("no message came from the first end of a channel pair within PT0.02S");

    first.put("later");
    assertThat(second.get(SHORT)).isEqualTo("later");
  }

  @Test
  void aGetWithNoTimeAtAllTakesWhatIsThere() {
    assertThatThrownBy(() -> second.get(Duration.ZERO)).isInstanceOf(GetTimeoutException.class);
    first.put("there");
    assertThat(second.get(Duration.ZERO)).isEqualTo("there");
  }

  @Test
  void aPutWithNoTimeAtAllSucceedsWhileThereIsCredit() {
    first.put("a", Duration.ZERO);
    assertThat(second.get()).isEqualTo("a");
  }

  @Test
  void negativeTimesAreRefusedByEachOperation() {
    String refused = "the timeout must not be negative, but is PT-1S";
    Duration negative = Duration.ofSeconds(-1);

    assertThatThrownBy(() -> first.get(negative))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(refused);
    assertThatThrownBy(() -> first.put("a", negative))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(refused);
    assertThatThrownBy(() -> first.ask("a", negative))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(refused);
    assertThat(second.poll()).isEmpty();
  }

  @Test
  void timesBeyondAllBoundsAreAllowed() throws Exception {
    first.put("a", FOREVER);
    assertThat(second.get(FOREVER)).isEqualTo("a");

    var getter = Task.startWaiting(() -> second.get(FOREVER));
    var asker = Task.startWaiting(() -> second.ask(1, FOREVER));
    first.put("b", Duration.ofDays(365_000));
    assertThat(getter.result()).isEqualTo("b");
    first.put(first.get() == 1 ? "c" : "?");
    assertThat(asker.result()).isEqualTo("c");
  }

  @Test
  void anInterruptEndsEveryKindOfWaitAndLeavesTheFlagSet() throws Exception {
    IntStream.range(0, PlaceChannel.CREDIT_MESSAGES).forEach(i -> first.put("fill"));
    List<Task<Boolean>> waiting = new ArrayList<>();
    waiting.add(Task.startWaiting(() -> isInterruptedBy(() -> first.get())));
    waiting.add(Task.startWaiting(() -> isInterruptedBy(() -> first.get(SOON))));
    waiting.add(Task.startWaiting(() -> isInterruptedBy(() -> first.put("x"))));
    waiting.add(Task.startWaiting(() -> isInterruptedBy(() -> first.ask("x", SOON))));

    waiting.forEach(Task::interrupt);

    for (Task<Boolean> task : waiting) {
      assertThat(task.result()).isTrue();
    }
    second.put(7);
    assertThat(first.get(SOON)).isEqualTo(7);
    IntStream.range(0, PlaceChannel.CREDIT_MESSAGES)
        .forEach(i -> assertThat(second.poll()).contains("fill"));
    assertThat(second.poll()).isEmpty();
  }

  private static boolean isInterruptedBy(Runnable wait) {
    assertThatThrownBy(wait::run)
        .isInstanceOf(PlaceInterruptedException.class)
        .hasMessageContaining("the second end of a channel pair");
    return Thread.currentThread().isInterrupted();
  }

  @Test
  void anInterruptedThreadMayStillPutAndPoll() {
    Thread.currentThread().interrupt();
    first.put("a");
    assertThat(second.poll()).contains("a");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptTakesNoMessageAwayFromTheOtherReaders() throws Exception {
    for (int i = 0; i < 200; i++) {
      var leaving = Task.startWaiting(() -> second.get(SOON));
      var staying = Task.startWaiting(() -> second.get(SOON));
      leaving.interrupt();
      first.put("m" + i);

      if (leaving.failure() == null) { // it was called before it was interrupted
        first.put("m" + i);
      }
      assertThat(staying.result()).isEqualTo("m" + i);
    }
    assertThat(second.poll()).isEmpty();
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes", "NullAway"}) // what the compiler would refuse
  void whatMayNotTravelIsRefusedAtTheSenderAndTheChannelGoesOn() {
    assertThatThrownBy(() -> first.put(null)).isInstanceOf(MessageNotAllowedException.class);
    assertThatThrownBy(() -> first.offer(null)).isInstanceOf(MessageNotAllowedException.class);
    assertThatThrownBy(() -> first.ask(null, SOON)).isInstanceOf(MessageNotAllowedException.class);
    assertThatThrownBy(() -> ((PlaceChannel) first).put(7))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessageContaining("java.lang.Integer")
        .hasMessageContaining("java.lang.String");

    assertThat(second.poll()).isEmpty();
    first.put("goes on");
    assertThat(second.get()).isEqualTo("goes on");
  }

  @Test
  void anEndTravelsAsAMessageAndItsTwoHoldersTalkWithoutTheThird() {
    var endType = new ChannelEndType<>(MessageType.of(Integer.class), MessageType.of(String.class));
    var carrier =
        LocalChannel.pair(endType, endType, Clock.system(), "the receiver", "the sender");
    carrier.first().put(second);
    PlaceChannel<Integer, String> received = carrier.second().get();

    first.put("hello");
    assertThat(received.get()).isEqualTo("hello");
    received.put(42);
    assertThat(first.get()).isEqualTo(42);
    assertThat(received).isSameAs(second);
  }

  @Test
  void tenThousandChannelsEachInAnotherKeepTheirMessagesThroughACollection() {
    var endType = new ChannelEndType<>(MessageType.of(Integer.class), MessageType.of(Integer.class));
    var queue = LocalChannel.pair(endType, endType, Clock.system(), "the reader", "the writer");
    var ends = new ArrayList<PlaceChannel<Integer, Integer>>();
    for (int i = 0; i < 10_000; i++) {
      var numbers = PlaceChannel.pair(Integer.class, Integer.class);
      numbers.first().put(i);
      if (i % 1_000 == 0) { // as many as a channel holds
        queue = LocalChannel.pair(endType, endType, Clock.system(), "the reader", "the writer");
      }
      queue.first().put(numbers.second());
      if (i % 1_000 == 999) {
        System.gc();
        for (int j = 0; j < 1_000; j++) {
          ends.add(queue.second().get());
        }
      }
    }

    for (int i = 0; i < 10_000; i++) {
      assertThat(ends.get(i).get()).isEqualTo(i);
    }
  }

  @Test
  void anEndSaysWhatItTalksTo() {
    assertThat(first).hasToString("channel to the second end of a channel pair");
    assertThat(second).hasToString("channel to the first end of a channel pair");
  }

  @Test
  void typesThatCannotTravelMakeNoChannel() {
    assertThatThrownBy(() -> PlaceChannel.pair(Thread.class, String.class))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessageContaining("java.lang.Thread");
    assertThatCode(() -> PlaceChannel.pair(String.class, String.class)).doesNotThrowAnyException();
  }

  @Test
  void aFullChannelRefusesInEachFormAndForgetsNothing() {
    IntStream.range(0, PlaceChannel.CREDIT_MESSAGES)
        .forEach(i -> assertThat(first.offer("m" + i)).isTrue());

    assertThat(first.offer("too much")).isFalse();
    assertThatThrownBy(() -> first.put("too much", SHORT))
        .isInstanceOf(PutTimeoutException.class)
        .hasMessage(
            "the second end of a channel pair granted no credit within PT0.02S: it does not read,"
                + " or reads too slowly; nothing was sent");
    assertThatThrownBy(() -> first.ask("too much", SHORT)).isInstanceOf(PutTimeoutException.class);

    IntStream.range(0, PlaceChannel.CREDIT_MESSAGES)
        .forEach(i -> assertThat(second.get()).isEqualTo("m" + i));
    assertThat(second.poll()).isEmpty();
  }

  @Test
  void oneMessageMayOverdrawTheBytesAndThenNothingGoes() {
    var bulk = PlaceChannel.pair(byte[].class, byte[].class);
    assertThat(bulk.first().offer(new byte[PlaceChannel.CREDIT_BYTES - 1])).isTrue();
    assertThat(bulk.first().offer(new byte[PlaceChannel.CREDIT_BYTES])).isTrue();
    assertThat(bulk.first().offer(new byte[0])).isFalse();

    bulk.second().get();
    assertThat(bulk.first().offer(new byte[0])).as("still a whole window in debt").isFalse();
    bulk.second().get();
    assertThat(bulk.first().offer(new byte[0])).isTrue();
  }

  @Test
  void aSingleGotMessageMakesRoomForAPutThatWaits() throws Exception {
    IntStream.range(0, PlaceChannel.CREDIT_MESSAGES).forEach(i -> first.put("m" + i));
    var putter =
        Task.startWaiting(
            () -> {
              first.put("last", SOON);
              return true;
            });
    assertThat(second.get()).isEqualTo("m0");

    assertThat(putter.result()).as("the reader does not read on, and need not").isTrue();
  }

  @Test
  void oneLargeMessageGotLetsManyWaitingPutsGo() throws Exception {
    var bulk = PlaceChannel.pair(byte[].class, byte[].class);
    bulk.first().put(new byte[PlaceChannel.CREDIT_BYTES]);
    List<Task<Boolean>> putters = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      putters.add(
          Task.startWaiting(
              () -> {
                bulk.first().put(new byte[1_000], SOON);
                return true;
              }));
    }
    bulk.second().get();

    for (Task<Boolean> putter : putters) {
      assertThat(putter.result()).isTrue();
    }
  }

  @Test
  void twoPlacesThatFillEachOthersChannelsAreToldInsteadOfHanging() throws Exception {
    var a =
        Task.start(
            () -> {
              while (true) {
                first.put("x", SHORT);
              }
            });
    var b =
        Task.start(
            () -> {
              while (true) {
                second.put(1, SHORT);
              }
            });

    assertThat(a.failure()).isInstanceOf(PutTimeoutException.class);
    assertThat(b.failure()).isInstanceOf(PutTimeoutException.class);
  }

  @Test
  void manyPuttersAndASlowReaderLoseNothing() throws Exception {
    List<Task<Boolean>> putters = new ArrayList<>();
    for (int p = 0; p < 4; p++) {
      int base = p * 10_000;
      putters.add(
          Task.start(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  second.put(base + i, SOON);
                }
                return true;
              }));
    }
    int[] next = {0, 10_000, 20_000, 30_000};
    for (int i = 0; i < 40_000; i++) {
      int got = first.get(SOON);
      int putter = got / 10_000;
      assertThat(got).as("in the order of its putter").isEqualTo(next[putter]++);
    }
    for (Task<Boolean> putter : putters) {
      assertThat(putter.result()).isTrue();
    }
  }
}
