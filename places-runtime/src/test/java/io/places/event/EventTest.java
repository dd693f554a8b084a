package io.places.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.PlaceInterruptedException;
import io.places.channel.PlaceChannel;
import io.places.channel.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Waiting for whichever of several comes first. */
class EventTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final PlaceChannel.Pair<Integer, Integer> a =
      PlaceChannel.pair(Integer.class, Integer.class);
  private final PlaceChannel.Pair<Integer, Integer> b =
      PlaceChannel.pair(Integer.class, Integer.class);

  @Test
  void aSyncTakesTheReadyOneAndLeavesTheOthersAlone() {
    b.first().put(7);
    assertThat(Event.<Integer>sync(a.second().receiveEvent(), b.second().receiveEvent()))
        .isEqualTo(7);

    a.first().put(1);
    b.first().put(2);
    int taken = Event.<Integer>sync(a.second().receiveEvent(), b.second().receiveEvent());
    assertThat(taken == 1 ? b.second().poll() : a.second().poll()).contains(3 - taken);
  }

  @Test
  void aSyncWaitsUntilOneIsReady() throws Exception {
    var waiting =
        Task.startWaiting(
            () -> Event.<Integer>sync(a.second().receiveEvent(), b.second().receiveEvent()));
    b.first().put(8);
    assertThat(waiting.result()).isEqualTo(8);

    a.first().put(9);
    assertThat(a.second().poll()).as("the loser is as it was").contains(9);
  }

  @Test
  void anEventMayBeSyncedAnyNumberOfTimes() {
    Event<Integer> event = a.second().receiveEvent();
    a.first().put(1);
    a.first().put(2);
    assertThat(List.of(Event.sync(event), Event.sync(event))).containsExactly(1, 2);
  }

  @Test
  void theSameEventTwiceInOneSyncIsTakenOnce() throws Exception {
    Event<Integer> event = a.second().receiveEvent();
    var waiting = Task.startWaiting(() -> Event.<Integer>sync(event, event));
    a.first().put(1);
    assertThat(waiting.result()).isEqualTo(1);
    a.first().put(2);
    assertThat(Event.<Integer>sync(event, event)).isEqualTo(2);
    assertThat(a.second().poll()).isEmpty();
  }

  @Test
  void alwaysIsReadyAndNeverIsNot() {
    assertThat(Event.sync(Event.always("now"))).isEqualTo("now");
    assertThat(Event.<String>sync(Event.never(), Event.always("now"))).isEqualTo("now");
    assertThat(Event.poll(Event.never())).isEmpty();
    assertThat(Event.sync(SHORT, Event.never())).isEmpty();
  }

  @Test
  void aSyncThatCouldOnlyWaitForEverIsRefused() {
    String refused = "a sync of nothing would wait for ever; add an event that can become ready";
    assertThatThrownBy(() -> Event.sync(Event.never()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(refused);
    assertThatThrownBy(() -> Event.sync(Event.choose(List.of()), Event.choose()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(refused);
  }

  @Test
  void mapRunsWhatIsTakenThroughFunctionsInOrder() {
    a.first().put(3);
    Event<String> mapped = a.second().receiveEvent().map(n -> n + 1).map(n -> "got " + n);
    assertThat(Event.sync(mapped)).isEqualTo("got 4");
  }

  @Test
  void onlyTheFunctionOfTheTakenEventRuns() {
    var runs = new AtomicInteger();
    a.first().put(3);
    Event.<Integer>sync(
        a.second().receiveEvent(), b.second().receiveEvent().map(n -> runs.incrementAndGet()));
    assertThat(runs).hasValue(0);
  }

  @Test
  void aFunctionMaySyncItself() {
    a.first().put(1);
    b.first().put(2);
    Event<Integer> sum =
        a.second().receiveEvent().map(n -> n + Event.sync(b.second().receiveEvent()));
    assertThat(Event.sync(sum)).isEqualTo(3);
  }

  @Test
  void choicesMayBeNestedAndMappedAsAWhole() throws Exception {
    Event<String> nested =
        Event.<Integer>choose(
                a.second().receiveEvent(),
                Event.<Integer>choose(b.second().receiveEvent(), Event.never()).map(n -> -n))
            .map(n -> "<" + n + ">");

    var waiting = Task.startWaiting(() -> Event.sync(nested));
    b.first().put(5);
    assertThat(waiting.result()).isEqualTo("<-5>");
    a.first().put(6);
    assertThat(Event.sync(nested)).isEqualTo("<6>");
  }

  @Test
  void timeRunsFromTheBeginningOfTheSyncAndTheShortestCounts() {
    long start = System.nanoTime();
    assertThat(Event.<Duration>sync(Event.after(NEVER), Event.after(SHORT), Event.after(SOON)))
        .isEqualTo(SHORT);
    assertThat(System.nanoTime() - start).isBetween(SHORT.toNanos(), SOON.toNanos());
    assertThat(Event.sync(Event.after(Duration.ZERO))).isEqualTo(Duration.ZERO);
  }

  @Test
  void negativeTimesAreRefused() {
    Duration negative = Duration.ofMillis(-5);
    assertThatThrownBy(() -> Event.after(negative))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the time must not be negative, but is PT-0.005S");
    assertThatThrownBy(() -> Event.sync(negative, Event.always(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the time must not be negative, but is PT-0.005S");
  }

  @Test
  void aSyncWithALimitGivesUpAndTakesNothing() {
    assertThat(Event.sync(SHORT, a.second().receiveEvent())).isEmpty();
    a.first().put(1);
    assertThat(Event.sync(NEVER, a.second().receiveEvent())).contains(1);
  }

  @Test
  void whatIsReadyComesBeforeTheEndOfTheTime() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(Event.sync(Duration.ZERO, Event.always(i))).contains(i);
    }
  }

  @Test
  void pollTakesOneThatIsReadyNow() {
    assertThat(Event.poll(a.second().receiveEvent(), b.second().receiveEvent())).isEmpty();
    b.first().put(4);
    assertThat(Event.<Integer>poll(a.second().receiveEvent(), b.second().receiveEvent()))
        .contains(4);
    assertThat(Event.poll(Event.after(SHORT))).isEmpty();
  }

  @Test
  void twoAlwaysReadyChannelsAreTakenEquallyOften() {
    int rounds = 100_000;
    int fromA = 0;
    Event<Integer> either =
        Event.choose(a.second().receiveEvent(), b.second().receiveEvent());
    a.first().put(0);
    b.first().put(1);
    for (int i = 0; i < rounds; i++) {
      if (Event.sync(either) == 0) {
        fromA++;
        a.first().put(0);
      } else {
        b.first().put(1);
      }
    }
    assertThat(fromA).isBetween(49_000, 51_000);
  }

  @Test
  void everyLeafOfNestedChoicesIsEquallyLikely() {
    int[] count = new int[3];
    Event<Integer> nested =
        Event.choose(Event.always(0), Event.<Integer>choose(Event.always(1), Event.always(2)));
    for (int i = 0; i < 90_000; i++) {
      count[Event.sync(nested)]++;
    }
    assertThat(IntStream.of(count)).allMatch(n -> n >= 29_000 && n <= 31_000);
  }

  @Test
  void aThousandEventsInOneSyncWork() throws Exception {
    List<PlaceChannel.Pair<Integer, Integer>> pairs =
        IntStream.range(0, 1_000)
            .mapToObj(i -> PlaceChannel.pair(Integer.class, Integer.class))
            .toList();
    Event<Integer> any = Event.choose(pairs.stream().map(p -> p.second().receiveEvent()).toList());

    var waiting =
        Task.startWaiting(() -> IntStream.range(0, 1_000).map(i -> Event.sync(any)).sum());
    for (int i = 0; i < 1_000; i++) {
      pairs.get(i).first().put(i);
    }
    assertThat(waiting.result()).isEqualTo(999 * 1_000 / 2);
    assertThat(Event.poll(any)).isEmpty();
  }

  @Test
  void aClosedChannelFailsTheSyncWithItsReason() throws Exception {
    var waiting =
        Task.startWaiting(
            () -> Event.<Integer>sync(a.second().receiveEvent(), b.second().receiveEvent()));
    b.first().close();
    assertThat(waiting.failure())
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("the first end of a channel pair closed the channel");
  }

  @Test
  void aClosedChannelFailsAChoiceOnlyWhenNothingElseIsReady() {
    b.first().close();
    Event<Integer> either = Event.choose(a.second().receiveEvent(), b.second().receiveEvent());
    for (int i = 0; i < 200; i++) {
      a.first().put(i);
      assertThat(Event.sync(either)).isEqualTo(i);
    }
    assertThatThrownBy(() -> Event.sync(either)).isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> Event.sync(SHORT, either)).isInstanceOf(ChannelClosedException.class);
    assertThat(Event.<Integer>sync(either, Event.always(-1))).isEqualTo(-1);
  }

  @Test
  void aChoiceOverManyChannelsTellsWhichOneHasClosedAfterItsLastMessage() throws Exception {
    List<PlaceChannel.Pair<Integer, Integer>> pairs =
        IntStream.range(0, 5)
            .mapToObj(i -> PlaceChannel.pair(Integer.class, Integer.class))
            .toList();
    List<Event<String>> events = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      int number = i;
      PlaceChannel<Integer, Integer> end = pairs.get(i).second();
      events.add(end.receiveEvent().map(message -> number + " says " + message));
      events.add(end.closedEvent().map(why -> number + ": " + why.getMessage()));
    }
    Event<String> news = Event.choose(events);

    var waiting = Task.startWaiting(() -> Event.sync(news));
    pairs.get(3).first().close();
    String closed = "3: the first end of a channel pair closed the channel";
    assertThat(waiting.result()).isEqualTo(closed);
    assertThat(Event.sync(news)).as("it stays so").isEqualTo(closed);

    pairs.get(1).first().put(7);
    pairs.get(1).first().put(8);
    pairs.get(1).first().close();
    Event<String> ofOne = Event.choose(events.subList(2, 4));
    assertThat(List.of(Event.sync(ofOne), Event.sync(ofOne), Event.sync(ofOne)))
        .containsExactly("1 says 7", "1 says 8", "1: the first end of a channel pair closed the channel");
  }

  @Test
  void theCloseIsToldToItsWaiterWhenAnotherReaderHasTakenTheLastMessage() throws Exception {
    for (int i = 0; i < 200; i++) {
      var pair = PlaceChannel.pair(Integer.class, Integer.class);
      pair.first().put(1);
      var waiting = Task.startWaiting(() -> Event.sync(pair.second().closedEvent()));
      pair.first().close();
      assertThat(Event.poll(pair.second().closedEvent())).as("a message is still there").isEmpty();
      assertThat(pair.second().get()).isEqualTo(1);
      assertThat(waiting.result()).isInstanceOf(ChannelClosedException.class);
    }
  }

  @Test
  void onesOwnCloseIsToldToOnesOwnWaiterThoughMessagesWereThere() throws Exception {
    a.first().put(1);
    var waiting = Task.startWaiting(() -> Event.sync(a.second().closedEvent()));
    a.second().close();
    assertThat(waiting.result())
        .hasMessage("this end of the channel to the first end of a channel pair was closed");
  }

  @Test
  void creditIsReadyUntilTheChannelIsFullAndAgainAfterOneGet() throws Exception {
    Event<Boolean> credit = a.first().creditEvent();
    assertThat(Event.sync(credit)).isTrue();
    IntStream.range(0, PlaceChannel.CREDIT_MESSAGES).forEach(a.first()::put);
    assertThat(Event.poll(credit)).isEmpty();

    List<Task<Boolean>> waiting =
        List.of(
            Task.startWaiting(() -> Event.sync(credit)),
            Task.startWaiting(() -> Event.sync(credit)));
    assertThat(a.second().get()).isEqualTo(0);
    for (Task<Boolean> task : waiting) {
      assertThat(task.result()).as("each is told, since neither used it").isTrue();
    }
    assertThat(a.first().offer(1)).isTrue();
    assertThat(a.first().offer(1)).isFalse();
  }

  @Test
  void anInterruptEndsASyncAndLeavesTheFlagSet() throws Exception {
    var waiting =
        Task.startWaiting(
            () -> {
              assertThatThrownBy(() -> Event.sync(a.second().receiveEvent()))
                  .isInstanceOf(PlaceInterruptedException.class)
                  .hasMessage("interrupted while waiting for an event");
              return Thread.currentThread().isInterrupted();
            });
    waiting.interrupt();
    assertThat(waiting.result()).isTrue();
  }

  @Test
  void twoThreadsThatSyncOnOneChannelGetOneMessageEach() throws Exception {
    var one = Task.startWaiting(() -> Event.sync(a.second().receiveEvent()));
    var two = Task.startWaiting(() -> Event.sync(a.second().receiveEvent()));
    a.first().put(1);
    a.first().put(2);
    assertThat(List.of(one.result(), two.result())).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void aWaiterThatTakesElsewherePassesItsCallOn() throws Exception {
    for (int i = 0; i < 500; i++) {
      var both =
          Task.startWaiting(
              () -> Event.<Integer>sync(a.second().receiveEvent(), b.second().receiveEvent()));
      var onlyA = Task.startWaiting(() -> a.second().get(SOON));
      var onlyB = Task.startWaiting(() -> Event.sync(SOON, b.second().receiveEvent()));
      a.first().put(1); // both is first in each line
      b.first().put(1);

      assertThat(both.result()).isEqualTo(1);
      // one of the others must have been called for what it left
      a.first().put(1);
      b.first().put(1);
      assertThat(onlyA.result()).isEqualTo(1);
      assertThat(onlyB.result()).contains(1);
      assertThat(a.second().poll().isPresent() ^ b.second().poll().isPresent()).isTrue();
    }
  }

  @Test
  void losersLoseNothing() throws Exception {
    int perMailbox = 100_000;
    List<PlaceChannel.Pair<Integer, Integer>> pairs =
        List.of(a, b, PlaceChannel.pair(Integer.class, Integer.class));
    var times = new AtomicIntegerArray(3 * perMailbox);
    Event<Integer> any = Event.choose(pairs.stream().map(p -> p.second().receiveEvent()).toList());

    List<Task<Integer>> syncers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      syncers.add(
          Task.start(
              () -> {
                int count = 0;
                Optional<Integer> got = Event.sync(SOON, any);
                while (got.orElse(-1) >= 0) {
                  times.incrementAndGet(got.get());
                  count++;
                  got = Event.sync(SOON, any);
                }
                return got.isPresent() ? count : Integer.MIN_VALUE; // stuck
              }));
    }
    List<Task<Boolean>> writers = new ArrayList<>();
    for (int m = 0; m < 3; m++) {
      int base = m * perMailbox;
      PlaceChannel<Integer, Integer> end = pairs.get(m).first();
      writers.add(
          Task.start(
              () -> {
                for (int i = base; i < base + perMailbox; i++) {
                  end.put(i, SOON);
                }
                return true;
              }));
    }

    for (Task<Boolean> writer : writers) {
      assertThat(writer.result()).isTrue();
    }
    a.first().put(-1);
    b.first().put(-1);
    a.first().put(-1);
    b.first().put(-1);
    int sum = 0;
    for (Task<Integer> syncer : syncers) {
      sum += syncer.result();
    }
    // A syncer may take its end before another writer's last messages: those are still there.
    for (Optional<Integer> left = Event.poll(any); left.isPresent(); left = Event.poll(any)) {
      times.incrementAndGet(left.get());
      sum++;
    }
    assertThat(sum).isEqualTo(3 * perMailbox);
    assertThat(IntStream.range(0, times.length()).filter(i -> times.get(i) != 1)).isEmpty();
  }

  @Test
  @SuppressWarnings("NullAway") // the null is what is tested
  void aFunctionThatAnswersNullIsToldSo() {
    Event<String> none = Event.always("x").map(text -> null);
    assertThatThrownBy(() -> Event.sync(none))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the function given to Event.map answered null");
    assertThatThrownBy(() -> Event.sync(Duration.ZERO, none))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the function given to Event.map answered null");
  }
}
