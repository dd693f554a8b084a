package io.places.rmpi;

/**
 * What a message was, or is.
 *
 * @param source the rank that sent it, in the communicator of the receive
 * @param tag its tag
 * @param elements how many elements it has; 1 if it is no array
 */
public record Status(int source, int tag, long elements) {
  /**
   * How many elements it has, as arrays count.
   *
   * @throws ArithmeticException if they are more than an array can have
   */
  public int count() {
    return Math.toIntExact(elements);
  }
}
