package io.places.node;

import io.places.channel.ChannelEnd;
import io.places.channel.Encoded;
import io.places.channel.LiveEnd;
import io.places.wire.proto.EndArrives;
import java.util.ArrayList;
import java.util.List;

/**
 * An end that comes from another node, until the message is here that holds it. Owned by the connection's
 * event loop.
 */
final class Arrival {
  private final Peer from;
  private final EndArrives message;
  private final ChannelEnd<?, ?> end;
  private final Limbo limbo;
  private final Held held;
  private List<Arrival> inNext = new ArrayList<>(0); // guarded by this

  Arrival(Peer from, EndArrives message, ChannelEnd<?, ?> end, Limbo limbo) {
    this.from = from;
    this.message = message;
    this.end = end;
    this.limbo = limbo;
    this.held = new Held(from.connection());
    end.comesInAMessage();
    RemoteLink.releaseWhenUnreachable(end, held);
  }

  Peer from() {
    return from;
  }

  EndArrives message() {
    return message;
  }

  ChannelEnd<?, ?> end() {
    return end;
  }

  Limbo limbo() {
    return limbo;
  }

  LiveEnd live() {
    return new LiveEnd(end, message.getSends(), message.getReceives());
  }

  /** An end came that is in the next message for this one. */
  synchronized void arrives(Arrival arrival) {
    inNext.add(arrival);
  }

  /** The ends that came for its next message, which are not in it any more. */
  synchronized List<Arrival> takeNext() {
    List<Arrival> taken = inNext;
    if (!taken.isEmpty()) {
      inNext = new ArrayList<>(0);
    }
    return taken;
  }

  /** A message came that this end has not got yet. */
  void received(int marks, byte[] bytes, int size) {
    List<Encoded.Carried> ends = from.moves().come(from, takeNext());
    RemoteLink.Received came =
        RemoteLink.Received.read(message.getChannel(), marks, bytes, size, ends, held);
    limbo.window().cameAlong(came.content().size());
    end.arrive(came.content(), came.mark(), came.question());
  }
}
