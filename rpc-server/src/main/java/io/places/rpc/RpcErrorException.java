package io.places.rpc;

/**
 * A call was answered with an error that it declares. Made by {@link RpcError#exception} at the server, and
 * thrown again at the client with an equal error.
 */
public final class RpcErrorException extends RpcException {
  private static final long serialVersionUID = 1L;

  private final transient RpcError error;

  RpcErrorException(RpcError error, String message) {
    super(Status.REFUSED, message, null);
    this.error = error;
  }

  /** The error: a record of those that the call declares. */
  public RpcError error() {
    return error;
  }
}
