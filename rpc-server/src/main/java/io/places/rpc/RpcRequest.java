package io.places.rpc;

import java.util.Optional;

/**
 * What a client sends: a record that the annotation processor writes.
 *
 * @param <C> the calls of the server
 */
public interface RpcRequest<C extends RpcCall> {
  CallHeader header();

  /** Empty to cancel the call that the header names. */
  Optional<C> call();
}
