package io.places.rpc.sample;

import io.places.message.Field;
import io.places.rpc.RpcCall;
import io.places.rpc.RpcError;

/** The calls and casts of {@link TupleServer}, with their arguments. */
public sealed interface TupleServerCall extends RpcCall {

  /** {@link TupleServer#set}. */
  @Field(1)
  record Set(@Field(1) String key, @Field(2) String value) implements TupleServerCall {
    @Override
    public String method() {
      return "set";
    }
  }

  /** {@link TupleServer#get}. */
  @Field(2)
  record Get(@Field(1) String key) implements TupleServerCall {
    @Override
    public String method() {
      return "get";
    }
  }

  /** {@link TupleServer#remove}. */
  @Field(3)
  record Remove(@Field(1) String key) implements TupleServerCall {
    @Override
    public String method() {
      return "remove";
    }

    @Override
    public boolean declares(RpcError error) {
      return error instanceof NoSuchTuple;
    }
  }

  /** {@link TupleServer#size}. */
  @Field(4)
  record Size() implements TupleServerCall {
    @Override
    public String method() {
      return "size";
    }

    @Override
    public boolean isConcurrent() {
      return true;
    }
  }

  /** {@link TupleServer#hello}, a cast. */
  @Field(5)
  record Hello() implements TupleServerCall {
    @Override
    public String method() {
      return "hello";
    }
  }
}
