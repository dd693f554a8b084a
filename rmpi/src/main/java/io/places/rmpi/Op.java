package io.places.rmpi;

/**
 * How a reduction combines two values. Must be associative; it need not be commutative, because values are
 * always combined in the order of their ranks: {@code Double::sum}, {@code Math::max}, {@code String::concat}
 * will do.
 *
 * @param <T> any message type
 */
@FunctionalInterface
public interface Op<T> {
  /**
   * Combines two values, changing neither.
   *
   * @param lower of the lower ranks
   * @param higher of the higher ranks
   */
  T combine(T lower, T higher);
}
