package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** How long the thread that waits looks before it sleeps. Who shares the processor with it is the clock. */
class ProgressTest {
  private static final long SLICE = Duration.ofMillis(4).toNanos();

  /** More than giving way may take, and less than somebody who has a processor waits until it sleeps. */
  private static final long MUCH = Duration.ofNanos(1_200_000).toNanos();

  /** After which look in vain somebody who has a processor gives way. */
  private static final int FIRST_TO_GIVE_WAY = 257;

  /** Ranks, more than there are processors. */
  private static final int MANY = Integer.MAX_VALUE;

  /** After so long, most of it spent giving way, a program is no longer taken to be cold. */
  private static final long WARM = Duration.ofSeconds(10).toNanos();

  /** Each look at it finds that so much time has gone. */
  private static final class Jumping implements Clock {
    private long now = -Duration.ofDays(1).toNanos(); // its origin is arbitrary
    private long step;

    @Override
    public long nanoTime() {
      now += step;
      return now;
    }

    @Override
    public Instant now() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long await(Condition condition, long nanos) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void park(Object blocker, long nanos) {
      throw new UnsupportedOperationException();
    }
  }

  /** Brings what is awaited to one who sleeps. */
  private static final class Source implements Polled, Sleeper {
    private int looks; // before the sleep
    private boolean has;
    private boolean brings; // what nobody here waits for
    private IntConsumer atLook = look -> {};

    @Override
    public boolean poll() {
      looks++;
      atLook.accept(looks);
      return brings;
    }

    @Override
    public void announceSleep(int how) {}

    @Override
    public void announceAwake() {}

    @Override
    public void begin() {}

    @Override
    public void sleep(long nanos) {
      has = true;
    }

    @Override
    public void wake() {}

    /** How often it is looked at by one who waits, until that one sleeps. */
    int looksOf(Progress progress) throws InterruptedException {
      looks = 0;
      has = false;
      progress.await(() -> has);
      return looks - 1; // the last is that of the sleep itself
    }
  }

  private static final Progress.Awaited NEVER =
      new Progress.Awaited() {
        @Override
        public boolean isDone() {
          return false;
        }

        @Override
        public void beforeSleep(Runnable wake) {}

        @Override
        public void afterSleep(Runnable wake) {}
      };

  private final Jumping clock = new Jumping();
  private final Progress progress = new Progress(clock);
  private final Source source = new Source();

  @Test
  void whereSomebodyKeepsTheProcessorItSleepsAtOnceAndTriesAgainLater() throws InterruptedException {
    progress.links(List.of(source), MANY); // so it gives way before each look
    progress.sleepBy(source);
    warmUp();
    clock.step = 100;
    assertThat(source.looksOf(progress)).as("alone").isGreaterThan(100);

    clock.step = SLICE; // another rank computes
    source.looksOf(progress);
    clock.step = 1_000;
    assertThat(source.looksOf(progress)).as("after one slice").isGreaterThan(100);

    clock.step = 2 * SLICE + 1;
    assertThat(source.looksOf(progress)).as("found out").isEqualTo(2);
    assertThat(source.looksOf(progress)).as("known").isEqualTo(1);

    clock.now += Duration.ofSeconds(1).toNanos();
    clock.step = 100;
    assertThat(source.looksOf(progress)).as("tried again").isGreaterThan(100);
  }

  @Test
  void whoHasAProcessorLooksForLongerBeforeItSleepsThanAPeerTakesToWake() throws InterruptedException {
    progress.links(List.of(source), 1);
    progress.sleepBy(source);
    warmUp();
    source.atLook = look -> clock.step = look == FIRST_TO_GIVE_WAY ? MUCH : 10;
    source.looksOf(progress);
    source.atLook = look -> {};
    assertThat(source.looksOf(progress)).as("where giving way costs much").isBetween(1_000, 1_100);

    clock.now += Duration.ofSeconds(1).toNanos();
    assertThat(source.looksOf(progress)).as("alone").isGreaterThan(10_000);
  }

  @Test
  void whoFindsSomethingForOthersWithoutEndStillHasALimitAndCanBeInterrupted() throws InterruptedException {
    source.brings = true;
    source.atLook = look -> assertThat(look).as("looks").isLessThan(100_000);
    progress.links(List.of(source), 1);
    clock.step = 1_000_000;
    assertThat(progress.await(NEVER, 5_000_000)).isFalse();

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> progress.await(NEVER, Long.MAX_VALUE)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void whileTheProgramIsColdASliceOfTheCompilersIsNoReasonToSleep() throws InterruptedException {
    progress.links(List.of(source), 1);
    progress.sleepBy(source);
    clock.step = SLICE;
    source.looksOf(progress);
    clock.step = 1_000;
    assertThat(source.looksOf(progress)).as("after one slice").isGreaterThan(100);

    clock.step = 2 * SLICE;
    source.looksOf(progress);
    assertThat(source.looksOf(progress)).as("after the slices of several").isEqualTo(1);
  }

  private void warmUp() throws InterruptedException {
    clock.step = Duration.ofMillis(1).toNanos() / 2; // others want the processor, too, but soon give it back
    for (long end = clock.now + WARM; clock.now < end; ) {
      source.looksOf(progress);
    }
  }

  @Test
  void whoStillWaitsWhenTheRankIsOverNeitherLooksAtItsLinksNorSpins() throws InterruptedException {
    Progress ofRank = new Progress(Clock.system());
    ofRank.links(List.of(source), 1);
    ofRank.sleepBy(source);
    ofRank.close();

    boolean done = ofRank.await(NEVER, Duration.ofMillis(50).toNanos());

    assertThat(done).isFalse();
    assertThat(source.looks).isZero();
    assertThat(source.has).as("it sleeps as if the rank ran").isFalse();
  }
}
