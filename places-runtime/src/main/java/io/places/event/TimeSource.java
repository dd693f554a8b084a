package io.places.event;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/** Time to pass from the beginning of a sync; the sync itself keeps the time. */
record TimeSource(Duration time) implements EventSource<Duration> {
  TimeSource {
    if (Objects.requireNonNull(time, "time").isNegative()) {
      throw new IllegalArgumentException("the time must not be negative, but is " + time);
    }
  }

  @Override
  public boolean isReady() {
    return time.isZero();
  }

  @Override
  public boolean take(Consumer<? super Duration> taken) {
    taken.accept(time);
    return true;
  }

  @Override
  public void watch(Waiter waiter) {}

  @Override
  public void unwatch(Waiter waiter) {}

  /** Limits of over 292 years become 292 years. */
  long nanos() {
    try {
      return time.toNanos();
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE;
    }
  }
}
