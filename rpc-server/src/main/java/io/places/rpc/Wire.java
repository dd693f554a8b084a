package io.places.rpc;

import io.places.ChannelClosedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import org.jspecify.annotations.Nullable;

/**
 * A channel to one life of a server.
 *
 * @param <Q> requests
 * @param <P> replies
 */
final class Wire<Q, P> {
  /** Of the reply that a server begins with: what it has not answered when it ends may have run. */
  static final Status GREETING = Status.UNKNOWN_OUTCOME;

  /** Of the reply that it ends with, if it can: what it has not answered has not run. */
  static final Status FAREWELL = Status.UNAVAILABLE;

  private final long turn;
  private final long epoch;
  private final PlaceChannel<Q, P> channel;
  private volatile boolean lost;
  private volatile boolean ending;
  private volatile boolean greeted; // the server has taken this client in
  private boolean parted; // and said farewell; guarded by this
  private volatile boolean closedHere;
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

  /** Takes the server's greeting out of the way, which otherwise would lie here for ever. */
  void listen() {
    if (!greeted) {
      takeWords();
    }
  }

  /** Whether the server has not begun the calls that it has not answered. */
  synchronized boolean hasBegunNone(PlacesException end) {
    takeWords();
    if (closedHere) {
      return false;
    }
    return greeted ? parted : end instanceof ChannelClosedException; // else what it said may be lost
  }

  private synchronized void takeWords() {
    try {
      for (var word = channel.poll(); word.isPresent(); word = channel.poll()) {
        greeted = true;
        parted = word.get() instanceof RpcReply.Failed failed && failed.failure().status() == FAREWELL;
      }
    } catch (PlacesException e) {
      return; // that was all
    }
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
    closedHere = true;
    channel.close();
    PlaceChannel<Q, P> way = control;
    if (way != null) {
      way.close();
    }
  }
}
