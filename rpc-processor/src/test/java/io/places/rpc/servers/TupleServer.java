package io.places.rpc.servers;

import io.places.rpc.Cast;
import io.places.rpc.Concurrent;
import io.places.rpc.Rpc;
import io.places.rpc.RpcServer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The tuple server of the dissertation, and a little more. */
@RpcServer
public class TupleServer {
  private final Map<String, String> tuples = new ConcurrentHashMap<>();

  /**
   * Puts a tuple.
   *
   * @param key where, {@code $L} for example
   * @return the value
   */
  @Rpc
  String set(String key, String value) {
    tuples.put(key, value);
    return value;
  }

  @Rpc
  Optional<String> get(String key) {
    return Optional.ofNullable(tuples.get(key));
  }

  @Rpc(errors = NoSuchTuple.class)
  void remove(String key) {
    if (tuples.remove(key) == null) {
      throw new NoSuchTuple(key, tuples.size()).exception();
    }
  }

  @Rpc
  @Concurrent
  int size() {
    return tuples.size();
  }

  @Cast
  void hello() {
    System.out.println("Hello from define-cast");
  }
}
