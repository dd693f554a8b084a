package io.places.ndp;

import io.places.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * How long problems of each class have taken, against what their {@link DivideAndConquer#work} says. Safe for use
 * by many threads.
 */
final class Rates {
  /** Weight of a measurement that took as long as all before together. */
  private static final double FORGETTING = 0.5;

  /** What is measured counts for at most so long: machines and problems change. */
  private static final double MEMORY_NANOS = 1e9;

  private final Clock clock;

  private record Measured(double said, double took) {}

  private final Map<Class<?>, Measured> measured = new ConcurrentHashMap<>();

  Rates(Clock clock) {
    this.clock = clock;
  }

  /** Solves a small problem and notes how long that takes, beside what its class says of it. */
  <P, R> R solve(DivideAndConquer<P, R> by, P problem, DoubleSupplier work) {
    long start = clock.nanoTime();
    R result = by.solve(problem);
    long took = Math.max(1, clock.nanoTime() - start);
    double said = work.getAsDouble();
    if (said > 0 && !Double.isInfinite(said)) {
      measured(by, said, took);
    }
    return result;
  }

  private void measured(DivideAndConquer<?, ?> by, double said, long took) {
    measured.merge(
        by.getClass(),
        new Measured(said, took),
        (before, now) -> {
          double keep = before.took > MEMORY_NANOS ? FORGETTING : 1;
          return new Measured(
              before.said * keep + now.said, before.took * keep + now.took);
        });
  }

  /**
   * What a class says of a problem's work.
   *
   * @throws IllegalArgumentException if that is no amount of work
   */
  static <P, R> double said(DivideAndConquer<P, R> by, P problem) {
    double said = by.work(problem);
    if (Double.isNaN(said) || said < 0) {
      throw new IllegalArgumentException(
          "%s.work has returned %s; work is 0 nanoseconds or more".formatted(by.getClass().getName(), said));
    }
    return said;
  }

  /** Nanoseconds that a problem of a class takes one thread for each that the class says. */
  double rate(DivideAndConquer<?, ?> by) {
    Measured of = measured.get(by.getClass());
    return of == null ? 1 : of.took / of.said;
  }
}
