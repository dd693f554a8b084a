package io.places.node;

import io.places.ChannelClosedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.channel.ChannelEnd;
import io.places.channel.Encoded;
import io.places.wire.proto.AttachEnd;
import io.places.wire.proto.AttachRefused;
import io.places.wire.proto.Control;
import io.places.wire.proto.EndArrives;
import io.places.wire.proto.EndAttached;
import io.places.wire.proto.EndSettled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How ends come to this node and find their peers; see {@link Moves}. Safe for use by many threads. */
final class Arrivals {
  private final Moves moves;
  private final Surroundings surroundings;
  private final Peers peers;

  Arrivals(Moves moves, Surroundings surroundings, Peers peers) {
    this.moves = moves;
    this.surroundings = surroundings;
    this.peers = peers;
  }

  /** The first word of an end that comes; on the event loop, as all that follows. */
  void announced(Peer from, EndArrives message) {
    RemoteLink carrier = from.channel(message.getCarrier());
    Arrival outer = from.arrival(message.getCarrier());
    if (carrier == null && outer == null) {
      settle(from, message.getChannel(), carrierClosed());
      return;
    }
    var end =
        new ChannelEnd<Object, Object>(
            surroundings.clock(), "the other end of a channel that node " + from.name() + " sent");
    var limbo = new Limbo(surroundings.clock(), new Window(), null);
    end.beginWith(limbo);
    end.askAfter(message.getLastQuestion());
    var arrival = new Arrival(from, message, end, limbo);
    try {
      from.register(message.getChannel(), arrival);
    } catch (PlacesException e) { // too many channels
      settle(from, message.getChannel(), e);
      return;
    }
    if (carrier != null) {
      carrier.arrives(arrival);
    } else if (outer != null) {
      outer.arrives(arrival);
    }
  }

  /** The message that was to bring an end will not come. */
  void notCarried(Arrival arrival) {
    Peer from = arrival.from();
    long channel = arrival.message().getChannel();
    from.removeArrival(channel);
    arrival.takeNext().forEach(this::notCarried);
    arrival.end().close(carrierClosed()); // and with it ends in messages for it
    settle(from, channel, carrierClosed());
  }

  private static ChannelClosedException carrierClosed() {
    return new ChannelClosedException("the channel that it was sent on was closed");
  }

  /** The message that holds the ends has come. */
  List<Encoded.Carried> come(Peer from, List<Arrival> arrivals) {
    List<Encoded.Carried> ends = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      from.removeArrival(arrival.message().getChannel());
      ends.add(arrival.live());
      if (arrival.message().hasOver()) {
        arrival.end().closedByPeer(Overs.fromWire(arrival.message().getOver()));
        settle(from, arrival.message().getChannel(), null);
      } else if (arrival.message().getWith() != 0) {
        joinTogether(arrival, arrivals);
      } else if (arrivals.stream().noneMatch(other -> isWith(other, arrival))) {
        attach(arrival);
      }
    }
    return ends;
  }

  private static boolean isWith(Arrival second, Arrival first) {
    return second.message().getWith() == first.message().getChannel();
  }

  private void joinTogether(Arrival second, List<Arrival> arrivals) {
    for (Arrival first : arrivals) {
      if (isWith(second, first)) {
        ChannelEnd.join(first.end(), first.limbo(), second.end(), second.limbo());
        settle(first.from(), first.message().getChannel(), null);
        settle(second.from(), second.message().getChannel(), null);
      }
    }
  }

  private void attach(Arrival arrival) {
    EndArrives message = arrival.message();
    attach(
        arrival.end(),
        arrival.limbo(),
        NodeAt.read(message.getOtherEnd()),
        message.getTicket(),
        failure -> settle(arrival.from(), message.getChannel(), failure));
  }

  /**
   * Links an end to its peer. Returns at once; the end waits meanwhile.
   *
   * @param settled told when it is done, with why not if it could not be
   */
  void attach(
      ChannelEnd<?, ?> end,
      Limbo limbo,
      NodeAt other,
      long ticket,
      Consumer<@Nullable PlacesException> settled) {
    if (other.identity().equals(moves.self().identity())) {
      attachHere(end, limbo, ticket);
      settled.accept(null);
      return;
    }
    surroundings
        .spawner()
        .virtual(
            "places-attach",
            () -> {
              try {
                attachThere(end, limbo, peers.reach(other), ticket);
                settled.accept(null);
              } catch (PlacesException e) {
                end.closedByPeer(() -> e);
                settled.accept(e);
              }
            });
  }

  private void attachHere(ChannelEnd<?, ?> end, Limbo limbo, long ticket) {
    Moves.Waiting peer = moves.claim(ticket);
    if (peer == null) {
      end.closedByPeer(Arrivals::nobodyWaits);
      return;
    }
    ChannelEnd.join(end, limbo, peer.end(), peer.limbo());
  }

  private void attachThere(ChannelEnd<?, ?> end, Limbo limbo, Peer peer, long ticket) {
    peer.makeRoom(surroundings.clock());
    long id = peer.newChannelId();
    var link =
        new RemoteLink(
            peer, id, id, surroundings.clock(), limbo.window(), new Window.Room(0, 0));
    link.bind(end);
    link.ofMovedEnd();
    link.attaches(limbo);
    peer.register(link);
    Window.Room room = limbo.window().left();
    var request =
        AttachEnd.newBuilder()
            .setTicket(ticket)
            .setChannel(id)
            .setMessages(room.messages())
            .setBytes(room.bytes());
    Control answer;
    try {
      answer = peer.ask(id, Control.newBuilder().setAttachEnd(request).build());
    } catch (PlacesException e) {
      peer.remove(id);
      throw e;
    }
    if (answer.hasAttachRefused()) {
      peer.remove(id);
      link.stop();
      throw Overs.fromWire(answer.getAttachRefused().getOver()).get();
    }
  }

  /** The other node has linked its end to ours. */
  void attached(Peer peer, EndAttached message) {
    RemoteLink link = peer.channel(message.getChannel());
    Limbo limbo = link == null ? null : link.attaching();
    ChannelEnd<?, ?> end = link == null ? null : link.end();
    if (link != null && limbo != null) {
      link.grant(message.getMessages(), message.getBytes());
      if (end != null) {
        end.replaceLink(limbo, link);
      }
      link.grantsWhatIsGot();
    }
    peer.answer(message.getChannel(), Control.newBuilder().setEndAttached(message).build());
  }

  /** An end that moved asks for its peer here. */
  void attach(Peer by, AttachEnd message) {
    Moves.Waiting here = moves.claim(message.getTicket());
    Supplier<PlacesException> over = here == null ? Arrivals::nobodyWaits : here.end().whyEnded();
    if (here == null || over != null) {
      refuse(by, message.getChannel(), over == null ? nobodyWaits() : over.get());
      return;
    }
    var link =
        new RemoteLink(
            by,
            message.getChannel(),
            message.getChannel(),
            surroundings.clock(),
            here.limbo().window(),
            new Window.Room(message.getMessages(), message.getBytes()));
    link.bind(here.end());
    link.ofMovedEnd();
    try {
      by.register(link);
    } catch (PlacesException e) { // too many channels
      link.stop();
      refuse(by, message.getChannel(), e);
      here.end().closedByPeer(() -> e);
      return;
    }
    Window.Room room = here.limbo().window().left();
    by.connection()
        .control(
            Control.newBuilder()
                .setEndAttached(
                    EndAttached.newBuilder()
                        .setChannel(message.getChannel())
                        .setMessages(room.messages())
                        .setBytes(room.bytes()))
                .build());
    link.grantsWhatIsGot();
    here.end().replaceLink(here.limbo(), link);
  }

  private static void refuse(Peer to, long channel, PlacesException reason) {
    to.connection()
        .control(
            Control.newBuilder()
                .setAttachRefused(
                    AttachRefused.newBuilder()
                        .setChannel(channel)
                        .setOver(Overs.toWire(reason)))
                .build());
  }

  private static PlacesException nobodyWaits() {
    return new ChannelClosedException("the other end of the channel is gone");
  }

  private static void settle(Peer from, long channel, @Nullable PlacesException failure) {
    var settled = EndSettled.newBuilder().setChannel(channel);
    if (failure != null) {
      settled.setFailed(Overs.toWire(failure));
    }
    from.connection().control(Control.newBuilder().setEndSettled(settled).build());
  }
}
