package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.GetTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Questions whose asker does not wait, and answers that another thread gives. */
class LaterAnswersTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final PlaceChannel.Pair<Integer, String> ends =
      PlaceChannel.pair(Integer.class, String.class);
  private final PlaceChannel<Integer, String> asking = ends.first();
  private final PlaceChannel<String, Integer> answering = ends.second();

  @Test
  void questionsAreAnsweredInAnyOrderByAnyThread() throws Exception {
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(asking.askAsync(i, SOON));
    }
    List<Received<Integer, String>> got = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      got.add(answering.receive());
    }
    for (Received<Integer, String> each : got.reversed()) {
      Thread.startVirtualThread(() -> each.answer("answer " + each.message())).join();
    }
    for (int i = 0; i < 10; i++) {
      assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("answer " + i);
    }
  }

  @Test
  void twoThreadsThatTakeTheSameAnswerDoNotBothGetIt() throws Exception {
    for (int i = 0; i < 300; i++) {
      Asked<String> asked = asking.pose(i, SOON);
      answering.receive().answer("answer");
      var together = new CyclicBarrier(2);
      Callable<Boolean> take =
          () -> {
            together.await(20, TimeUnit.SECONDS);
            try {
              return asked.answer(Duration.ZERO).equals("answer");
            } catch (GetTimeoutException | IllegalStateException e) {
              return false;
            }
          };
      var other = new FutureTask<>(take);
      Thread.startVirtualThread(other);
      assertThat(List.of(take.call(), other.get(20, TimeUnit.SECONDS)))
          .as("try %d", i)
          .containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void aPlainMessageIsNoQuestion() {
    asking.put(7);
    Received<Integer, String> received = answering.receive();
    assertThat(received.message()).isEqualTo(7);
    assertThat(received.isQuestion()).isFalse();
    assertThatThrownBy(() -> received.answer("to nobody"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "a message from the first end of a channel pair was to be answered that is no question: nobody waits for an answer");
  }

  @Test
  void whatTheReceiverPutsMeanwhileIsNoAnswer() throws Exception {
    CompletableFuture<String> answer = asking.askAsync(1, SOON);
    Received<Integer, String> question = answering.receive();
    answering.put("plain");
    assertThat(asking.get(SOON)).isEqualTo("plain");
    assertThat(answer).isNotDone();
    question.answer("answer");
    assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("answer");
  }

  @Test
  void aFutureFailsWhenItsTimeIsOverAndTheLateAnswerIsCounted() {
    CompletableFuture<String> answer = asking.askAsync(1, SHORT);
    assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(GetTimeoutException.class)
        .hasMessage("no answer came from the second end of a channel pair within PT0.02S");
    assertThat(asking.lateAnswers()).isZero();
    answering.receive().answer("too late");
    assertThat(asking.lateAnswers()).isEqualTo(1);
    assertThat(asking.poll()).isEmpty();
  }

  @Test
  void longAndShortLimitsEndEachInItsTurn() {
    CompletableFuture<String> slow = asking.askAsync(1, SOON);
    CompletableFuture<String> ages = asking.askAsync(2, Duration.ofSeconds(Long.MAX_VALUE));
    for (int i = 0; i < 3; i++) {
      CompletableFuture<String> quick = asking.askAsync(3, SHORT);
      assertThatThrownBy(() -> quick.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(GetTimeoutException.class);
    }
    assertThat(slow).isNotDone();
    answering.receive().answer("slow");
    answering.receive().answer("ages");
    assertThat(slow).isCompletedWithValue("slow");
    assertThat(ages).isCompletedWithValue("ages");
  }

  @Test
  void aCancelledFutureDropsItsAnswer() {
    CompletableFuture<String> answer = asking.askAsync(1, SOON);
    assertThat(answer.cancel(true)).isTrue();
    answering.receive().answer("unwanted");
    assertThat(asking.lateAnswers()).isEqualTo(1);
  }

  @Test
  void aSecondAnswerIsDropped() {
    CompletableFuture<String> answer = asking.askAsync(1, SOON);
    Received<Integer, String> question = answering.receive();
    question.answer("first");
    question.answer("second");
    assertThat(answer).isCompletedWithValue("first");
    assertThat(asking.lateAnswers()).isEqualTo(1);
  }

  @Test
  void theEndOfTheChannelFailsWhatIsOpen() {
    CompletableFuture<String> answer = asking.askAsync(1, SOON);
    Asked<String> posed = asking.pose(2, SOON);
    answering.close();
    assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> posed.answer(SOON)).isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> asking.askAsync(3, SOON))
        .as("this one was not sent, and so throws at once")
        .isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> asking.pose(3, SOON)).isInstanceOf(ChannelClosedException.class);
  }

  @Test
  void whoPosedAQuestionFetchesItsAnswerLater() {
    Asked<String> first = asking.pose(1, SOON);
    Asked<String> second = asking.pose(2, SOON);
    answering.receive().answer("one");
    answering.receive().answer("two");
    assertThat(second.answer(SOON)).isEqualTo("two");
    assertThat(first.answer(Duration.ZERO)).isEqualTo("one");
  }

  @Test
  void aPosedQuestionThatIsGivenUpCountsItsAnswerAsLate() {
    try (Asked<String> posed = asking.pose(1, SOON)) {
      assertThatThrownBy(() -> posed.answer(SHORT)).isInstanceOf(GetTimeoutException.class);
    }
    answering.receive().answer("too late");
    assertThat(asking.lateAnswers()).isEqualTo(1);
  }
}
