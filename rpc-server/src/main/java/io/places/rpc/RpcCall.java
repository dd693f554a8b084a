package io.places.rpc;

/** A call or cast with its arguments: a record that the annotation processor writes. */
public interface RpcCall {

  /** The name of the method. */
  String method();

  /** Whether the method is {@link Concurrent}. */
  default boolean isConcurrent() {
    return false;
  }

  /** Whether the method declares the error: it then reaches the caller as it is. */
  default boolean declares(RpcError error) {
    return false;
  }
}
