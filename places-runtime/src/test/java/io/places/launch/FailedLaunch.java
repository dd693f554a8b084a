package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.LaunchException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A launch that cannot succeed says so soon, whatever the launcher. */
public final class FailedLaunch {
  /** Whoever waits for a limit takes 20 s or more. */
  private static final Duration AT_ONCE = Duration.ofSeconds(3);

  /** A busy machine is slow now and then: the quickest counts. */
  private static final int ATTEMPTS = 3;

  private FailedLaunch() {}

  /** Within 3 s, in these words. */
  public static void assertFails(ThrowingCallable launch, String... words) {
    assertFailsWithin(AT_ONCE, launch, words);
  }

  static void assertFailsWithin(Duration limit, ThrowingCallable launch, String... words) {
    Duration quickest = Duration.ofDays(1);
    for (int attempt = 1; attempt <= ATTEMPTS && quickest.compareTo(limit) >= 0; attempt++) {
      long start = System.nanoTime();
      assertThatThrownBy(launch).isInstanceOf(LaunchException.class).hasMessageContainingAll(words);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      quickest = took.compareTo(quickest) < 0 ? took : quickest;
    }
    assertThat(quickest).as("the quickest of %d attempts", ATTEMPTS).isLessThan(limit);
  }
}
