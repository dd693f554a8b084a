package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions and their answers. */
class AskTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final PlaceChannel.Pair<Integer, String> ends =
      PlaceChannel.pair(Integer.class, String.class);
  private final PlaceChannel<Integer, String> asking = ends.first();
  private final PlaceChannel<String, Integer> answering = ends.second();

  private Task<Boolean> startServer() {
    return Task.start(
        () -> {
          try {
            while (true) {
              answering.put("answer " + answering.get());
            }
          } catch (ChannelClosedException e) {
            return true;
          }
        });
  }

  @Test
  void aBodyThatGetsAndPutsInTurnAnswers() throws Exception {
    var server = startServer();
    assertThat(asking.ask(1, SOON)).isEqualTo("answer 1");
    assertThat(asking.ask(2, SOON)).isEqualTo("answer 2");
    asking.close();
    assertThat(server.result()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 50})
  void threadsThatAskOnOneEndNeverSwapTheirAnswers(int threads) throws Exception {
    var servers = IntStream.range(0, 3).mapToObj(i -> startServer()).toList();
    List<Task<Boolean>> askers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int base = t * 1_000;
      askers.add(
          Task.start(
              () -> {
                for (int i = base; i < base + 10_000 / threads; i++) {
                  assertThat(asking.ask(i, SOON)).isEqualTo("answer " + i);
                }
                return true;
              }));
    }

    for (Task<Boolean> asker : askers) {
      assertThat(asker.result()).isTrue();
    }
    asking.close();
    for (Task<Boolean> server : servers) {
      assertThat(server.result()).isTrue();
    }
  }

  @Test
  void anAnswerGoesOnlyToTheAskerAndPlainMessagesGoOnlyToGet() throws Exception {
    var asker = Task.startWaiting(() -> asking.ask(1, SOON));
    asking.put(2);

    assertThat(answering.get()).isEqualTo(1);
    assertThat(answering.get()).as("a plain message in between").isEqualTo(2);
    answering.put("answer");
    answering.put("plain");

    assertThat(asker.result()).isEqualTo("answer");
    assertThat(asking.get(SOON)).isEqualTo("plain");
    assertThat(asking.poll()).isEmpty();
  }

  @Test
  void aMessageOfAnotherThreadIsNoAnswer() throws Exception {
    var asker = Task.startWaiting(() -> asking.ask(1, SOON));
    answering.get();
    var other =
        Task.start(
            () -> {
              answering.put("plain");
              return true;
            });
    assertThat(other.result()).isTrue();
    assertThat(asking.get(SOON)).isEqualTo("plain");
    assertThat(asker.isDone()).isFalse();

    answering.put("answer");
    assertThat(asker.result()).isEqualTo("answer");
  }

  @Test
  void aQuestionTakenByPollOrByASyncIsAnsweredTheSame() throws Exception {
    var one = Task.startWaiting(() -> asking.ask(1, SOON));
    assertThat(answering.poll()).contains(1);
    answering.put("to the poll");
    assertThat(one.result()).isEqualTo("to the poll");

    var two = Task.startWaiting(() -> asking.ask(2, SOON));
    assertThat(Event.sync(answering.receiveEvent())).isEqualTo(2);
    assertThat(answering.offer("to the sync")).isTrue();
    assertThat(two.result()).isEqualTo("to the sync");
  }

  @Test
  void aThreadMayAskBackBeforeItAnswers() throws Exception {
    var asker = Task.startWaiting(() -> asking.ask(1, SOON));
    answering.get();
    var back = Task.startWaiting(() -> answering.ask("how many?", SOON));
    assertThat(asking.get(SOON)).isEqualTo("how many?");
    asking.put(3);
    assertThat(back.result()).isEqualTo(3);

    answering.put("done");
    assertThat(asker.result()).isEqualTo("done");
  }

  @Test
  void anAnswerThatComesTooLateIsDropped() {
    assertThatThrownBy(() -> asking.ask(1, SHORT))
        .isInstanceOf(GetTimeoutException.class)
        .hasMessage("no answer came from the second end of a channel pair within PT0.02S");
    assertThat(answering.get()).isEqualTo(1);
    answering.put("too late");

    assertThat(asking.poll()).isEmpty();
    answering.put("plain again");
    assertThat(asking.get(SOON)).isEqualTo("plain again");
  }

  @Test
  void aThreadThatGetsASecondQuestionAnswersOnlyThat() throws Exception {
    var first = Task.startWaiting(() -> asking.ask(1, Duration.ofMillis(500)));
    var second = Task.startWaiting(() -> asking.ask(2, SOON));
    answering.get();
    answering.get();
    answering.put("answer 2");

    assertThat(second.result()).isEqualTo("answer 2");
    assertThat(first.failure()).isInstanceOf(GetTimeoutException.class);
  }

  @Test
  void anAnswerNeedsNoCredit() throws Exception {
    IntStream.range(0, PlaceChannel.CREDIT_MESSAGES).forEach(i -> answering.put("fill"));
    assertThat(answering.offer("more")).isFalse();

    var asker = Task.startWaiting(() -> asking.ask(1, SOON));
    answering.get();
    answering.put("answer", Duration.ZERO);
    assertThat(asker.result()).isEqualTo("answer");
  }

  @Test
  void threadsThatEndWithoutAnAnswerAreNotRememberedForEver() throws Exception {
    var asks = new Asks<String>(Clock.system());
    for (int i = 1; i <= 3_000; i++) {
      int question = i;
      Thread.ofVirtual().start(() -> asks.owe(question)).join();
    }
    assertThat(asks.owedCount()).isLessThan(200);
  }
}
