package io.places.mapreduce;

import java.util.Random;

/** Randomness of tests: printed, and repeatable with {@code -Dtest.seed=…}. */
public final class Seeds {
  private Seeds() {}

  /** A source of random numbers whose seed is on standard output. */
  public static Random random() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("test.seed=" + seed);
    return new Random(seed);
  }
}
