package io.places.place;

import io.places.channel.PlaceChannel;
import java.io.Serializable;

/**
 * What a place does: code with an address, so that it can be started by name in any JVM that has the
 * class. Either of
 *
 * <ul>
 *   <li>a static method, given as a method reference: {@code node.place(Echo::body)};
 *   <li>a class with a no-argument constructor that implements this interface: {@code
 *       node.place(Echo.class)}.
 * </ul>
 *
 * <p>Only the names of class and method travel. Therefore lambdas, bound method references and instances
 * are refused when the place is started: they would need the starter's memory. What a body needs to know
 * comes as its arguments or over its channel; the types in the declaration of its channel must be
 * concrete, because the runtime reads them from there.
 *
 * <p>A body that returns ends its place with exit code 0, as does one that ends because its creator
 * closed the channel; one that throws, with 1.
 *
 * @param <S> what the body sends
 * @param <R> what the body receives
 */
@FunctionalInterface
public interface PlaceBody<S, R> extends Serializable {

  /**
   * Runs in the place's own thread.
   *
   * @param channel the body's end of the channel to its creator
   */
  void run(PlaceChannel<S, R> channel) throws Exception;

  /**
   * A body with an argument: any message type.
   *
   * @param <A> the argument
   */
  @FunctionalInterface
  interface With<S, R, A> extends Serializable {
    void run(PlaceChannel<S, R> channel, A argument) throws Exception;
  }

  /**
   * A body with two arguments.
   *
   * @param <A> the first argument
   * @param <B> the second argument
   */
  @FunctionalInterface
  interface With2<S, R, A, B> extends Serializable {
    void run(PlaceChannel<S, R> channel, A first, B second) throws Exception;
  }
}
