package io.places.examples.nas;

/**
 * The random numbers of all NAS benchmarks: a linear congruential sequence with modulus 2^46, of which any part
 * can be had without the parts before it.
 */
final class NasRandom {
  static final long MULTIPLIER = 1_220_703_125L; // 5^13

  private static final int BITS = 46;
  private static final long MASK = (1L << BITS) - 1;
  private static final double SCALE = 1.0 / (1L << BITS);

  private long state;

  /**
   * @param seed the state before the first number
   */
  NasRandom(long seed) {
    state = seed & MASK;
  }

  /** Leaves numbers out. */
  NasRandom skip(long numbers) {
    long power = MULTIPLIER;
    for (long left = numbers; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        state = state * power & MASK; // the low bits of the product are right, whatever overflows
      }
      power = power * power & MASK;
    }
    return this;
  }

  /** The next number, between 0 and 1. */
  double next() {
    state = state * MULTIPLIER & MASK;
    return state * SCALE;
  }
}
