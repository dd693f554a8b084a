package io.places.rpc;

import java.util.Map;

/**
 * A call as interceptors see it.
 *
 * @param side whether it is about to be sent or to be run
 * @param server the name of the server
 * @param method the name of the method
 * @param isCast whether nobody waits for it
 * @param metadata what the interceptors of the client have added for the server: those of a client may add
 *     to it, to those of a server it is read-only
 */
public record InterceptedCall(
    Side side, String server, String method, boolean isCast, Map<String, String> metadata) {

  /** Where a call is seen. */
  public enum Side {
    CLIENT,
    SERVER
  }
}
