package io.places.rmpi;

import java.math.BigDecimal;
import java.time.Duration;

/** Lengths of time as users read them: {@code 0.5 s}. */
final class Seconds {
  private static final int NANO_DIGITS = 9;

  private Seconds() {}

  static String of(Duration time) {
    return BigDecimal.valueOf(time.getSeconds())
            .add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS))
            .stripTrailingZeros()
            .toPlainString()
        + " s";
  }
}
