package io.places;

import java.math.BigDecimal;
import java.time.Duration;

/** Lengths of time as users read them: {@code 20 s}, {@code 0.2 s}. */
public final class Seconds {
  private static final int NANO_DIGITS = 9;

  private Seconds() {}

  /** In seconds, with all digits that there are. */
  public static String of(Duration time) {
    return BigDecimal.valueOf(time.getSeconds())
            .add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS))
            .stripTrailingZeros()
            .toPlainString()
        + " s";
  }
}
