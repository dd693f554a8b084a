package io.places.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wait costs before it parks. */
class PatienceTest {
  private static final int WAITS = 10_000;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoAlwaysWaitsInVainSeldomLooks(boolean virtual) throws InterruptedException {
    var looks = new AtomicInteger();
    var patience = new Patience();
    run(
        virtual,
        () -> {
          for (int i = 0; i < WAITS; i++) {
            assertThat(patience.until(() -> looks.incrementAndGet() < 0)).isFalse();
          }
        });
    assertThat(looks.get() / WAITS).as("looks of one wait").isLessThan(32);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoSawItSoonLooksTheNextTime(boolean virtual) throws InterruptedException {
    var seen = new AtomicInteger();
    run(
        virtual,
        () -> {
          var patience = new Patience();
          for (int i = 0; i < WAITS; i++) {
            var looks = new AtomicInteger();
            if (patience.until(() -> looks.incrementAndGet() == 2)) {
              seen.incrementAndGet();
            }
          }
        });
    if (Runtime.getRuntime().availableProcessors() > 1) {
      assertThat(seen.get()).isGreaterThan(WAITS - 10);
    }
  }

  private static void run(boolean virtual, Runnable task) throws InterruptedException {
    var failure = new AtomicInteger();
    Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
    Thread thread = builder.unstarted(task);
    thread.setUncaughtExceptionHandler((t, e) -> failure.incrementAndGet());
    thread.start();
    thread.join();
    assertThat(failure.get()).as("failed assertions").isZero();
  }
}
