package io.places.supervise;

import java.time.Duration;
import java.util.Locale;

/** Durations as people write them. */
final class Words {
  private Words() {}

  static String of(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1_000
        ? millis + " ms"
        : String.format(Locale.ROOT, millis % 1_000 == 0 ? "%.0f s" : "%.1f s", millis / 1e3);
  }
}
