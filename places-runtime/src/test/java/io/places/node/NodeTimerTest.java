package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.place.Place;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Actions that run after a while, or again and again. */
class NodeTimerTest {
  private static final Duration MOMENT = Duration.ofMillis(5);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Node node = Node.start();

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void anActionRunsOnceNotBeforeItsTime() throws Exception {
    var runs = new LinkedBlockingQueue<Long>();
    long start = System.nanoTime();
    node.after(MOMENT, () -> runs.add(System.nanoTime()));
    assertThat(take(runs) - start).isGreaterThanOrEqualTo(MOMENT.toNanos());
    assertThat(runs.poll(20, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void aRunThatFailsDoesNotEndTheOthersAndRunsDoNotOverlap() throws Exception {
    var runs = new LinkedBlockingQueue<Integer>();
    var count = new AtomicInteger();
    var inside = new AtomicInteger();
    NodeTimer timer =
        node.every(
            MOMENT,
            () -> {
              int run = count.incrementAndGet();
              runs.add(inside.incrementAndGet());
              try {
                if (run % 2 == 1) {
                  throw new IllegalStateException("run " + run + " fails on purpose");
                }
                new CountDownLatch(1).await(12, TimeUnit.MILLISECONDS); // longer than the period
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              } finally {
                inside.decrementAndGet();
              }
            });
    for (int run = 1; run <= 6; run++) {
      assertThat(take(runs)).isEqualTo(1);
    }
    timer.close();
  }

  @Test
  void aClosedTimerRunsNoMore() throws Exception {
    var runs = new LinkedBlockingQueue<String>();
    var ticks = new AtomicInteger();
    NodeTimer never = node.after(Duration.ofHours(1), () -> runs.add("never"));
    NodeTimer ticking =
        node.every(
            MOMENT,
            () -> {
              ticks.incrementAndGet();
              runs.add("tick");
            });
    take(runs);
    never.close();
    ticking.close();
    int before = ticks.get();
    node.after(Duration.ofMillis(50), () -> runs.add("later"));
    String last = take(runs);
    while (last.equals("tick")) {
      last = take(runs);
    }
    assertThat(last).isEqualTo("later");
    assertThat(ticks.get()).isLessThanOrEqualTo(before + 1); // one may have been under way
    assertThat(runs).doesNotContain("never");
  }

  @Test
  void aTimerEndsWithThePlaceThatAskedForIt() {
    Place<String, String> place = node.place(Bodies::ticks);
    assertThat(place.get(SOON)).isEqualTo("tick");
    place.kill();
    int ticks = Bodies.TICKS.get();
    Place<Void, Long> other = node.place(Bodies::processId); // takes longer than a period
    other.join(SOON);
    assertThat(Bodies.TICKS.get()).isLessThanOrEqualTo(ticks + 1); // one may have been under way
  }

  @Test
  void anActionInAMillionYearsWaitsUntilItIsClosed() throws Exception {
    var news = new LinkedBlockingQueue<String>();
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> news.add(thread + ": " + e));
    Duration forEver = Duration.ofDays(365_000_000);
    try (var once = node.after(forEver, () -> news.add("once"));
        var often = node.every(forEver, () -> news.add("often"))) {
      assertThat(once).isNotSameAs(often);
      assertThat(news.poll(50, TimeUnit.MILLISECONDS)).isNull();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void aTimeThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> node.every(Duration.ZERO, () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the period must be positive, but is PT0S");
    assertThatThrownBy(() -> node.after(Duration.ofSeconds(-1), () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static <T> T take(BlockingQueue<T> runs) throws InterruptedException {
    T run = runs.poll(20, TimeUnit.SECONDS);
    if (run == null) {
      throw new AssertionError("no run within 20 s");
    }
    return run;
  }
}
