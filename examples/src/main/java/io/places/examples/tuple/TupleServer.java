package io.places.examples.tuple;

import io.places.rpc.Cast;
import io.places.rpc.Rpc;
import io.places.rpc.RpcServer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps numbers under names. */
@RpcServer
public class TupleServer {
  private final Map<String, Integer> tuples = new HashMap<>();

  /** Keeps a value; answers it. */
  @Rpc int set(String key, int value) {
    tuples.put(key, value);
    return value;
  }

  /** What is kept under a name, if something is. */
  @Rpc Optional<Integer> get(String key) {
    return Optional.ofNullable(tuples.get(key));
  }

  /** Says hello where the server runs. */
  @Cast void hello() {
    System.out.println("Hello from define-cast");
  }
}
