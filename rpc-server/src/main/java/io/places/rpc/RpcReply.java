package io.places.rpc;

/** What a server answers: a sealed interface of records that the annotation processor writes. */
public interface RpcReply {

  /** The call failed. */
  interface Failed extends RpcReply {
    RpcFailure failure();
  }

  /** The call was answered with an error that it declares. */
  interface Declared extends RpcReply {
    RpcError error();
  }
}
