package io.places.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.supervise.History.Verdict;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from an end, by each policy. */
class HistoryTest {
  private static final Duration BRIEF = Duration.ofMillis(1);

  private Duration now = Duration.ZERO;
  private long epoch;

  private Verdict end(History history, boolean failed, Duration lived) {
    now = now.plus(lived);
    epoch++;
    return history.ended(
        new Ending(epoch, lived, failed, "it ended for the %d. time".formatted(epoch), null),
        now.toNanos());
  }

  private static History by(Restart restart) {
    return new History("place 'counter' on node main", restart);
  }

  @Test
  void alwaysIsAfterEveryEndWhenFailedIsNotAfterExitCode0AndNeverIsNever() {
    assertThat(end(by(Restart.always()), false, BRIEF)).isInstanceOf(Verdict.Again.class);
    assertThat(end(by(Restart.always()), true, BRIEF)).isInstanceOf(Verdict.Again.class);
    assertThat(end(by(Restart.whenFailed()), false, BRIEF)).isInstanceOf(Verdict.Done.class);
    assertThat(end(by(Restart.whenFailed()), true, BRIEF)).isInstanceOf(Verdict.Again.class);
    assertThat(end(by(Restart.never()), false, BRIEF)).isInstanceOf(Verdict.Done.class);
    assertThat(end(by(Restart.never()), true, BRIEF)).isInstanceOf(Verdict.Done.class);
  }

  @Test
  void theWaitDoublesUpToItsCapAndBeginsAnewAfterALongLife() {
    History history =
        by(
            Restart.always()
                .backoff(Duration.ofMillis(100), Duration.ofMillis(350))
                .atMost(1_000)
                .resetAfter(Duration.ofSeconds(10)));
    List<Duration> pauses = new ArrayList<>();
    for (Duration lived : List.of(BRIEF, BRIEF, BRIEF, BRIEF, Duration.ofSeconds(10), BRIEF)) {
      pauses.add(((Verdict.Again) end(history, true, lived)).pause());
    }
    assertThat(pauses).extracting(Duration::toMillis).containsExactly(100L, 200L, 350L, 350L, 100L, 200L);
  }

  @Test
  void aRowOfAnyLengthStaysAtTheCap() {
    History history =
        by(
            Restart.always()
                .backoff(Duration.ofSeconds(1), Duration.ofSeconds(8))
                .atMost(Integer.MAX_VALUE));
    for (int i = 0; i < 100; i++) {
      Duration pause = ((Verdict.Again) end(history, true, BRIEF)).pause();
      assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(8)).isPositive();
    }
  }

  @Test
  void oneEndMoreThanTheLimitWithinTheWindowIsTooOften() {
    History history = by(Restart.always().atMost(3).within(Duration.ofSeconds(30)));
    for (int i = 0; i < 3; i++) {
      assertThat(end(history, true, Duration.ofSeconds(5))).isInstanceOf(Verdict.Again.class);
    }
    var tooOften = (Verdict.TooOften) end(history, true, Duration.ofSeconds(5));
    assertThat(tooOften.gaveUp().restarts()).isEqualTo(3);
    assertThat(tooOften.gaveUp().endings()).extracting(Ending::epoch).containsExactly(1L, 2L, 3L, 4L);
    assertThat(tooOften.gaveUp().message())
        .isEqualTo(
            "gave up on place 'counter' on node main: it ended although it was started anew 3 times (at most 3 within 30 s, after waits of 200 ms to 10 s); at last: it ended for the 4. time");
  }

  @Test
  void restartsBeforeTheWindowDoNotCount() {
    History history = by(Restart.always().atMost(2).within(Duration.ofSeconds(10)));
    for (int i = 0; i < 20; i++) {
      assertThat(end(history, true, Duration.ofSeconds(6))).isInstanceOf(Verdict.Again.class);
    }
    assertThat(end(history, true, BRIEF)).isInstanceOf(Verdict.TooOften.class);
  }

  @Test
  void aWindowAndWaitsThatAreLongerThanAnyLifeAreTaken() {
    Duration ever = ChronoUnit.FOREVER.getDuration();
    History history = by(Restart.always().atMost(3).within(ever).backoff(Duration.ofDays(1), ever));
    for (int i = 0; i < 3; i++) {
      assertThat(end(history, true, Duration.ofDays(1)))
          .isEqualTo(new Verdict.Again(Duration.ofDays(1L << i)));
    }
    assertThat(((Verdict.TooOften) end(history, true, BRIEF)).gaveUp().message())
        .startsWith("gave up on place 'counter' on node main: it ended although it was started anew 3 times");
    History slow = by(Restart.always().backoff(ever));
    for (int i = 0; i < 2; i++) {
      assertThat(end(slow, true, BRIEF)).isEqualTo(new Verdict.Again(ever));
    }
  }

  @Test
  void aPolicyThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> Restart.always().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the backoff begins at PT2S, beyond its cap of PT1S");
    assertThatThrownBy(() -> Restart.always().atMost(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Restart.always().within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Restart.always().backoff(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
