package io.places.supervise;

import io.places.channel.Timeouts;
import java.time.Duration;
import java.util.Locale;

/** Durations as people write them. */
final class Words {
  private Words() {}

  static String of(Duration duration) {
    long millis = Timeouts.nanos(duration) / 1_000_000;
    return millis < 1_000
        ? millis + " ms"
        : String.format(Locale.ROOT, millis % 1_000 == 0 ? "%.0f s" : "%.1f s", millis / 1e3);
  }
}
