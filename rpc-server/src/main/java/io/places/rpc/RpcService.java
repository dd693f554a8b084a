package io.places.rpc;

import io.places.InterruptKind;
import io.places.channel.PlaceChannel;
import java.util.List;
import java.util.concurrent.Callable;

/** What the body of a generated place calls. */
public final class RpcService {
  private RpcService() {}

  /**
   * Makes a server and serves its clients until the place is told to end. Told by {@link
   * InterruptKind#TERMINATE}, or by the close of its channel, it finishes the calls under way, and refuses
   * those that wait and those that come as {@link Status#UNAVAILABLE}. When the place is killed, or
   * interrupted in another way, calls under way are interrupted, too, and their callers told {@link
   * Status#UNKNOWN_OUTCOME}, whatever the interrupted code makes of that. A server that is {@link AutoCloseable} is closed at the end.
   *
   * @param clients where the ends of the clients' channels come
   * @param make makes the user's object
   * @param dispatch runs a call on it
   * @param interceptors see each call begin and end
   * @throws Exception what the user's constructor or its close threw
   */
  public static <T, C extends RpcCall, Q extends RpcRequest<C>, P extends RpcReply> void serve(
      PlaceChannel<Void, PlaceChannel<P, Q>> clients,
      RpcProtocol<C, Q, P> protocol,
      Callable<T> make,
      RpcDispatch<T, C, P> dispatch,
      List<Interceptor> interceptors)
      throws Exception {
    T server = make.call();
    try {
      new Server<>(protocol, call -> dispatch.run(server, call), interceptors).serve(clients);
    } catch (Throwable e) { // why it ends is not to be hidden by how it is closed
      try {
        close(server);
      } catch (Throwable failed) {
        e.addSuppressed(failed);
      }
      throw e;
    }
    close(server);
  }

  private static void close(Object server) throws Exception {
    if (server instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }
}
