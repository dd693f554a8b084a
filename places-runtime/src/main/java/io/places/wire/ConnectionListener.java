package io.places.wire;

import io.places.wire.proto.Control;
import org.jspecify.annotations.Nullable;

/**
 * What a connection tells the node that owns it. All calls but {@code closed} and {@link #spare(byte[])} come from
 * the connection's event loop, one after another, so they must not block.
 */
public interface ConnectionListener {

  /**
   * The peer has proved that it belongs to the cluster. Called first, once; a connection that is closed
   * at that very moment may already be over.
   */
  void opened(Connection connection);

  void control(Connection connection, Control message);

  /** The most bytes that a message of the node takes, in either direction: {@link Connection#LARGEST_MESSAGE} or less. */
  default int largestMessage() {
    return Connection.LARGEST_MESSAGE;
  }

  /** An array of at least a size that nobody uses, for a message that comes; null if there is none at hand. */
  default byte @Nullable [] spare(int size) {
    return null;
  }

  /** An array was sent, and nobody uses it any more; called from any thread. */
  default void spare(byte[] array) {}

  /**
   * A whole message: the beginning of the array, which is the listener's. It counts as held by this node until
   * {@link Connection#release} is called with its size.
   *
   * @param marks {@link Connection#QUESTION}, {@link Connection#ANSWER} or 0
   */
  void data(Connection connection, long channel, int marks, byte[] message, int size);

  /** The peer has room for more on a channel; on channel 0, on the whole connection. */
  void credit(Connection connection, long channel, long messages, long bytes);

  /**
   * The connection is over. Called last, exactly once for each opened connection, from any thread.
   *
   * @param reason a clause that goes on from "the connection to …": "was closed by the peer"
   * @param mayStillRun whether the peer is only silent, as far as this side knows
   */
  void closed(Connection connection, String reason, boolean mayStillRun);
}
