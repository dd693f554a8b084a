package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GrantsTest {
  private static final int LUMP = 100;
  private static final int MESSAGE = 150;
  private static final Duration LONG_ENOUGH = Duration.ofMillis(400);

  private final Grants grants = new Grants(LUMP);
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong granted = new AtomicLong();
  private final AtomicInteger round = new AtomicInteger();
  private final AtomicInteger released = new AtomicInteger();

  private void release() {
    long all = grants.charged();
    granted.addAndGet(grants.due(all, held.addAndGet(-MESSAGE)));
  }

  @Test
  void whatTwoThreadsReleaseAtTheSameMomentIsGrantedButForLessThanALump() throws InterruptedException {
    Thread other =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int next = 1; awaitRound(next); next++) {
                    release();
                    released.set(next);
                  }
                });
    long charged = 0;
    long start = System.nanoTime();
    for (int i = 1; System.nanoTime() - start < LONG_ENOUGH.toNanos(); i++) {
      held.addAndGet(2 * MESSAGE);
      grants.charge(2 * MESSAGE);
      charged += 2 * MESSAGE;
      round.set(i);
      release();
      while (released.get() < i) {
        Thread.onSpinWait();
      }
      assertThat(held).hasValue(0);
      assertThat(charged - granted.get()).as("not granted in round %d", i).isBetween(0L, LUMP - 1L);
    }
    round.set(-1);
    other.join();
  }

  /** False when it is over. */
  private boolean awaitRound(int next) {
    while (round.get() >= 0 && round.get() < next) {
      Thread.onSpinWait();
    }
    return round.get() >= 0;
  }
}
