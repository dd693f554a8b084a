package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The end of a channel, in whatever state it meets the two ends. */
class CloseTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CLOSED_HERE =
      "this end of the channel to the second end of a channel pair was closed";
  private static final String CLOSED_THERE = "the first end of a channel pair closed the channel";

  private final PlaceChannel.Pair<String, Integer> ends =
      PlaceChannel.pair(String.class, Integer.class);
  private final PlaceChannel<String, Integer> first = ends.first();
  private final PlaceChannel<Integer, String> second = ends.second();

  @Test
  void whatWasPutBeforeTheCloseIsStillGot() {
    first.put("last");
    first.put("words");
    first.close();

    assertThat(second.get()).isEqualTo("last");
    assertThat(Event.sync(second.receiveEvent())).isEqualTo("words");
    assertThatThrownBy(second::get)
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage(CLOSED_THERE);
  }

  @Test
  void whatNobodyGotBeforeOnesOwnCloseIsDropped() {
    second.put(1);
    first.close();
    assertClosed(CLOSED_HERE, first::get);
  }

  @Test
  void everyOperationOnAClosedEndFailsAtOnce() {
    first.close();

    assertClosed(CLOSED_HERE, first::get);
    assertClosed(CLOSED_HERE, () -> first.get(SOON));
    assertClosed(CLOSED_HERE, first::poll);
    assertClosed(CLOSED_HERE, () -> first.offer("x"));
    assertClosed(CLOSED_HERE, () -> first.ask("x", SOON));
    assertClosed(CLOSED_HERE, () -> Event.sync(first.receiveEvent()));
    assertClosed(CLOSED_HERE, () -> Event.poll(first.receiveEvent()));
    assertThatThrownBy(() -> first.put("x")).hasMessage(CLOSED_HERE);

    assertClosed(CLOSED_THERE, second::get);
    assertClosed(CLOSED_THERE, () -> second.get(SOON));
    assertClosed(CLOSED_THERE, second::poll);
    assertClosed(CLOSED_THERE, () -> second.offer(1));
    assertClosed(CLOSED_THERE, () -> second.ask(1, SOON));
    assertClosed(CLOSED_THERE, () -> Event.sync(second.receiveEvent()));
    assertThatThrownBy(() -> second.put(1)).hasMessage(CLOSED_THERE);
  }

  @Test
  void theCreditOfAClosedChannelIsReadySoThatItsWaiterLearns() {
    first.close();
    assertClosed(CLOSED_HERE, () -> Event.sync(first.creditEvent()));
    assertClosed(CLOSED_THERE, () -> Event.sync(second.creditEvent()));
  }

  @Test
  void aCloseEndsEveryWaitAtTheOtherEnd() {
    fill();
    var waits = waitsOfSecond();
    first.close();
    waits.forEach(wait -> assertClosed(CLOSED_THERE, wait));
  }

  @Test
  void aCloseEndsEveryWaitAtTheSameEnd() {
    fill();
    var waits = waitsOfSecond();
    second.close();
    waits.forEach(
        wait ->
            assertClosed(
                "this end of the channel to the first end of a channel pair was closed", wait));
  }

  private void fill() {
    IntStream.range(0, PlaceChannel.CREDIT_MESSAGES - 1).forEach(second::put);
  }

  private List<Task<?>> waitsOfSecond() {
    List<Task<?>> waits = new ArrayList<>();
    waits.add(Task.startWaiting(second::get));
    waits.add(Task.startWaiting(() -> second.get(SOON)));
    waits.add(Task.startWaiting(() -> second.ask(0, SOON))); // waits for the answer, now it is full
    waits.add(Task.startWaiting(() -> second.ask(1, SOON)));
    waits.add(
        Task.startWaiting(
            () -> {
              second.put(2);
              return "";
            }));
    waits.add(Task.startWaiting(() -> Event.sync(second.receiveEvent())));
    waits.add(Task.startWaiting(() -> Event.sync(SOON, second.receiveEvent())));
    waits.add(Task.startWaiting(() -> Event.sync(second.creditEvent())));
    return waits;
  }

  @Test
  void aLoopOverTheMessagesEndsWithTheConversation() {
    first.put("a");
    first.put("b");
    first.close();

    List<String> got = new ArrayList<>();
    for (String message : second.messages()) {
      got.add(message);
    }
    assertThat(got).containsExactly("a", "b");
    assertThat(second.messages()).as("and stays ended").isEmpty();
  }

  @Test
  void aLoopThatIsLeftLosesNoMessage() {
    IntStream.range(0, 5).forEach(second::put);
    for (int message : first.messages()) {
      if (message == 2) {
        break;
      }
    }
    assertThat(first.poll()).contains(3);
  }

  @Test
  void aLoopOverMessagesAnswersQuestions() throws Exception {
    var asking = Task.start(() -> first.ask("seven", SOON));
    for (String question : second.messages()) {
      second.put(question.length());
      break;
    }
    assertThat(asking.result()).isEqualTo(5);
  }

  @Test
  void aLoopOverMessagesThrowsWhatIsNoOrderlyEnd() {
    first.put("a");
    ((ChannelEnd<?, ?>) first).close(new ChannelClosedException("place a was killed"));
    var messages = second.messages().iterator();
    assertThat(messages.next()).isEqualTo("a");
    assertThatThrownBy(messages::hasNext)
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("place a was killed");
    assertThatThrownBy(() -> first.messages().iterator().hasNext())
        .as("a loop over what was closed here")
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage(CLOSED_HERE);
  }

  @Test
  void closingAgainFromEitherEndDoesNothing() {
    first.put("kept");
    first.close();
    first.close();
    assertThat(second.get()).isEqualTo("kept");
    second.close();
    second.close();

    assertClosed(CLOSED_HERE, first::get);
    assertClosed(CLOSED_THERE, second::get);
  }

  @Test
  void anAnswerPutBeforeTheCloseIsStillGot() throws Exception {
    for (int i = 0; i < 500; i++) {
      var channel = PlaceChannel.pair(Integer.class, Integer.class);
      var server =
          Task.start(
              () -> {
                channel.second().put(channel.second().get());
                channel.second().close();
                return true;
              });
      assertThat(channel.first().ask(i, SOON)).isEqualTo(i);
      assertThat(server.result()).isTrue();
    }
  }

  /** A poll or a get that comes between the last put and the close must not report the close first. */
  @Test
  void theLastMessageIsNeverLostInARaceWithTheClose() throws Exception {
    for (int i = 0; i < 500; i++) {
      var channel = PlaceChannel.pair(Integer.class, Integer.class);
      var closer =
          Task.start(
              () -> {
                channel.first().put(1);
                channel.first().close();
                return true;
              });
      int got = 0;
      try {
        while (true) {
          got += channel.second().poll().orElse(0);
        }
      } catch (ChannelClosedException e) {
        assertThat(got).isEqualTo(1);
      }
      assertThat(closer.result()).isTrue();
    }
  }

  @Test
  void bothEndsMayBeClosedAtTheSameTimeWhileTheyAreUsed() throws Exception {
    for (int i = 0; i < 100; i++) {
      var channel = PlaceChannel.pair(Integer.class, Integer.class);
      var together = new CyclicBarrier(4);
      List<Task<Boolean>> tasks =
          List.of(
              closeAfter(together, channel.first()),
              closeAfter(together, channel.second()),
              useAfter(together, channel.first()),
              useAfter(together, channel.second()));
      for (Task<Boolean> task : tasks) {
        assertThat(task.result()).isTrue();
      }
    }
  }

  private static Task<Boolean> closeAfter(CyclicBarrier barrier, PlaceChannel<?, ?> end) {
    return Task.start(
        () -> {
          barrier.await();
          end.close();
          return true;
        });
  }

  private static Task<Boolean> useAfter(
      CyclicBarrier barrier, PlaceChannel<Integer, Integer> end) {
    return Task.start(
        () -> {
          barrier.await();
          try {
            while (true) {
              end.put(1);
              end.get(SOON);
            }
          } catch (ChannelClosedException e) {
            return true;
          }
        });
  }

  private static void assertClosed(String message, Callable<?> operation) {
    assertThatThrownBy(operation::call)
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage(message);
  }

  private static void assertClosed(String message, Task<?> wait) {
    assertThat(wait.failure()).isInstanceOf(ChannelClosedException.class).hasMessage(message);
  }
}
