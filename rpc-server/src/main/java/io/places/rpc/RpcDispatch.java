package io.places.rpc;

import org.jspecify.annotations.Nullable;

/**
 * Runs the method that a call names: a switch that the annotation processor writes.
 *
 * @param <T> the user's class
 * @param <C> its calls
 * @param <P> its replies
 */
@FunctionalInterface
public interface RpcDispatch<T, C extends RpcCall, P extends RpcReply> {

  /**
   * Runs a call.
   *
   * @return what the method answered; null for a cast
   * @throws Exception what the method threw
   */
  @Nullable P run(T server, C call) throws Exception;
}
