package io.places.rpc.sample;

import io.places.message.Field;
import io.places.rpc.RpcFailure;
import io.places.rpc.RpcReply;
import java.util.Optional;

/** What {@link TupleServer} answers. The numbers 2 to 6 are those of the calls, plus 1. */
public sealed interface TupleServerReply extends RpcReply {

  /** A call failed. */
  @Field(1)
  record Failed(@Field(1) RpcFailure failure) implements TupleServerReply, RpcReply.Failed {}

  /** The answer of {@link TupleServer#set}. */
  @Field(2)
  record SetReply(@Field(1) String result) implements TupleServerReply {}

  /** The answer of {@link TupleServer#get}. */
  @Field(3)
  record GetReply(@Field(1) Optional<String> result) implements TupleServerReply {}

  /** {@link TupleServer#remove} was done. */
  @Field(4)
  record RemoveReply() implements TupleServerReply {}

  /** The answer of {@link TupleServer#size}. */
  @Field(5)
  record SizeReply(@Field(1) int result) implements TupleServerReply {}

  /** The error {@link NoSuchTuple}. */
  @Field(7)
  record NoSuchTupleError(@Field(1) NoSuchTuple error)
      implements TupleServerReply, RpcReply.Declared {}
}
