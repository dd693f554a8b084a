package io.places.rpc.sample;

import io.places.channel.PlaceChannel;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import io.places.place.Spawn;
import io.places.rpc.RpcError;
import io.places.rpc.RpcProtocol;
import io.places.rpc.RpcService;
import io.places.supervise.Restart;
import io.places.supervise.SupervisedPlace;
import io.places.supervise.Supervisor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The place of {@link TupleServer}: starts it, and is its body. */
public final class TupleServerPlace {
  /** Under which clients find it. */
  public static final String NAME = "tuple-server";

  static final RpcProtocol<TupleServerCall, TupleServerRequest, TupleServerReply> PROTOCOL =
      new RpcProtocol<>(
          NAME,
          TupleServerRequest.class,
          TupleServerReply.class,
          TupleServerRequest::new,
          TupleServerReply.Failed::new,
          TupleServerPlace::declared);

  private TupleServerPlace() {}

  /** Starts the server on a node. */
  public static Place<?, ?> start(PlaceLocation at) {
    return start(at, NAME);
  }

  /** Starts the server on a node, under another name. */
  public static Place<?, ?> start(PlaceLocation at, String name) {
    return at.place(Spawn.named(name), TupleServerPlace::body);
  }

  /** Starts the server and keeps it alive. */
  public static SupervisedPlace<?, ?> supervise(Supervisor supervisor, Restart restart) {
    return supervise(supervisor, NAME, restart);
  }

  /** Starts the server, under another name, and keeps it alive. */
  public static SupervisedPlace<?, ?> supervise(
      Supervisor supervisor, String name, Restart restart) {
    return supervisor.supervise(name, TupleServerPlace::body, restart);
  }

  /** The body of the place. */
  public static void body(
      PlaceChannel<Void, PlaceChannel<TupleServerReply, TupleServerRequest>> clients)
      throws Exception {
    RpcService.serve(clients, PROTOCOL, TupleServer::new, TupleServerPlace::run, List.of());
  }

  private static @Nullable TupleServerReply run(TupleServer server, TupleServerCall call)
      throws Exception {
    return switch (call) {
      case TupleServerCall.Set(var key, var value) ->
          new TupleServerReply.SetReply(server.set(key, value));
      case TupleServerCall.Get(var key) -> new TupleServerReply.GetReply(server.get(key));
      case TupleServerCall.Remove(var key) -> {
        server.remove(key);
        yield new TupleServerReply.RemoveReply();
      }
      case TupleServerCall.Size() -> new TupleServerReply.SizeReply(server.size());
      case TupleServerCall.Hello() -> {
        server.hello();
        yield null;
      }
    };
  }

  private static Optional<TupleServerReply> declared(RpcError error) {
    return switch (error) {
      case NoSuchTuple declared -> Optional.of(new TupleServerReply.NoSuchTupleError(declared));
      default -> Optional.empty();
    };
  }
}
