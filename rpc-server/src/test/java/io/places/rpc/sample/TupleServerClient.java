package io.places.rpc.sample;

import io.places.place.PlaceLocation;
import io.places.rpc.ClientOptions;
import io.places.rpc.RpcClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of {@link TupleServer}. Safe for use by many threads. Calls throw {@link
 * io.places.rpc.RpcException} if they fail.
 */
public final class TupleServerClient implements AutoCloseable {
  private final RpcClient<TupleServerCall, TupleServerRequest, TupleServerReply> client;

  private TupleServerClient(
      RpcClient<TupleServerCall, TupleServerRequest, TupleServerReply> client) {
    this.client = client;
  }

  /** Finds the server on a node. */
  public static TupleServerClient connect(PlaceLocation at) {
    return connect(at, ClientOptions.standard());
  }

  /** Finds the server on a node. */
  public static TupleServerClient connect(PlaceLocation at, ClientOptions options) {
    return connect(() -> at, options);
  }

  /** Finds the server on a node that is asked for anew each time that the server is looked for. */
  public static TupleServerClient connect(
      Supplier<? extends PlaceLocation> at, ClientOptions options) {
    return new TupleServerClient(RpcClient.connect(TupleServerPlace.PROTOCOL, at, options));
  }

  /** The same client with another deadline for each call; closing one closes both. */
  public TupleServerClient withDeadline(Duration deadline) {
    return new TupleServerClient(client.withDeadline(deadline));
  }

  /** Calls {@link TupleServer#set}. */
  public String set(String key, String value) {
    return setResult(client.call(new TupleServerCall.Set(key, value)));
  }

  /** Calls {@link TupleServer#set}; cancelling the future stops the call at the server. */
  public CompletableFuture<String> setAsync(String key, String value) {
    return client.callAsync(
        new TupleServerCall.Set(key, value), TupleServerClient::setResult);
  }

  private static String setResult(TupleServerReply reply) {
    if (reply instanceof TupleServerReply.SetReply(var result)) {
      return result;
    }
    throw RpcClient.unexpected(reply);
  }

  /** Calls {@link TupleServer#get}. */
  public Optional<String> get(String key) {
    return getResult(client.call(new TupleServerCall.Get(key)));
  }

  /** Calls {@link TupleServer#get}; cancelling the future stops the call at the server. */
  public CompletableFuture<Optional<String>> getAsync(String key) {
    return client.callAsync(new TupleServerCall.Get(key), TupleServerClient::getResult);
  }

  private static Optional<String> getResult(TupleServerReply reply) {
    if (reply instanceof TupleServerReply.GetReply(var result)) {
      return result;
    }
    throw RpcClient.unexpected(reply);
  }

  /**
   * Calls {@link TupleServer#remove}.
   *
   * @throws io.places.rpc.RpcErrorException with {@link NoSuchTuple}
   */
  public void remove(String key) {
    removeResult(client.call(new TupleServerCall.Remove(key)));
  }

  /** Calls {@link TupleServer#remove}; cancelling the future stops the call at the server. */
  public CompletableFuture<@Nullable Void> removeAsync(String key) {
    return client.callAsync(new TupleServerCall.Remove(key), TupleServerClient::removeResult);
  }

  private static @Nullable Void removeResult(TupleServerReply reply) {
    if (reply instanceof TupleServerReply.RemoveReply) {
      return null;
    }
    throw RpcClient.unexpected(reply);
  }

  /** Calls {@link TupleServer#size}. */
  public int size() {
    return sizeResult(client.call(new TupleServerCall.Size()));
  }

  /** Calls {@link TupleServer#size}; cancelling the future stops the call at the server. */
  public CompletableFuture<Integer> sizeAsync() {
    return client.callAsync(new TupleServerCall.Size(), TupleServerClient::sizeResult);
  }

  private static Integer sizeResult(TupleServerReply reply) {
    if (reply instanceof TupleServerReply.SizeReply(var result)) {
      return result;
    }
    throw RpcClient.unexpected(reply);
  }

  /** Casts {@link TupleServer#hello}: it is run at most once, and nobody tells whether it was. */
  public void hello() {
    client.cast(new TupleServerCall.Hello());
  }

  /** How many replies came that nobody waited for any more. */
  public long lateReplies() {
    return client.lateReplies();
  }

  /** Closes the client; the server lives on. */
  @Override
  public void close() {
    client.close();
  }
}
