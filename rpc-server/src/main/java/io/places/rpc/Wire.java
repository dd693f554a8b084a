package io.places.rpc;

import io.places.channel.PlaceChannel;
import org.jspecify.annotations.Nullable;

/**
 * A channel to one life of a server.
 *
 * @param <Q> requests
 * @param <P> replies
 */
final class Wire<Q, P> {
  private final long turn;
  private final long epoch;
  private final PlaceChannel<Q, P> channel;
  private volatile boolean lost;
  private volatile boolean ending;
  private volatile @Nullable PlaceChannel<Q, P> control; // made for the first cancellation

  /**
   * Makes a wire.
   *
   * @param turn how many there were before it
   */
  Wire(long turn, long epoch, PlaceChannel<Q, P> channel) {
    this.turn = turn;
    this.epoch = epoch;
    this.channel = channel;
  }

  /** Later ones have higher numbers; epochs need not, if the server moves from node to node. */
  long turn() {
    return turn;
  }

  long epoch() {
    return epoch;
  }

  PlaceChannel<Q, P> channel() {
    return channel;
  }

  /** Nothing goes this way any more. */
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /** The server says that it takes no more calls in this life. */
  void serverEnds() {
    ending = true;
    lost = true;
  }

  /** Whether a way to this life of the server is of no use. */
  boolean isServerEnding() {
    return ending;
  }

  /** Finds another way to the same life of the server. */
  interface Detour<Q, P> {
    /** Null if there is none. */
    @Nullable PlaceChannel<Q, P> find();
  }

  /**
   * Tells the server something while the calls before it may wait for their turn: by a channel of its own.
   * Returns false if it cannot be told.
   */
  synchronized boolean tell(Q message, Detour<Q, P> detour) {
    PlaceChannel<Q, P> way = control;
    if (way == null) {
      way = detour.find();
      control = way;
    }
    return way != null && way.offer(message);
  }

  /** Does not wait for a {@link #tell} that has just begun, which may take as long as a node is silent. */
  void close() {
    channel.close();
    PlaceChannel<Q, P> way = control;
    if (way != null) {
      way.close();
    }
  }
}
