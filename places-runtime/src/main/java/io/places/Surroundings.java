package io.places;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * What the runtime takes from the outside world, apart from the network: time, threads, randomness.
 *
 * @param random must be unpredictable in production, because secrets and nonces are drawn from it; a
 *     simulator passes a seeded one
 */
public record Surroundings(Clock clock, Spawner spawner, RandomGenerator random) {

  /** The machine's clocks, the JVM's threads, and a {@link SecureRandom}. */
  public static Surroundings system() {
    return new Surroundings(Clock.system(), Spawner.system(), new SecureRandom());
  }
}
