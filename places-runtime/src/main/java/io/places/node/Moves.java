package io.places.node;

import io.places.ChannelClosedException;
import io.places.MessageNotAllowedException;
import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.Surroundings;
import io.places.channel.ChannelEnd;
import io.places.channel.Encoded;
import io.places.channel.LiveEnd;
import io.places.channel.Link;
import io.places.channel.LocalLink;
import io.places.channel.Mark;
import io.places.channel.MovedException;
import io.places.wire.NodeIdentity;
import io.places.wire.proto.Control;
import io.places.wire.proto.EndArrives;
import io.places.wire.proto.EndPaused;
import io.places.wire.proto.MoveFailed;
import io.places.wire.proto.PauseEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * How ends leave this node; Arrivals has how they come. frame.proto has the messages.
 *
 * An end is at one node at a time. It leaves inside a message, in the thread that puts that message, once
 * there is credit for it:
 *
 *   1. Its peer is paused: it sends nothing more, and everything that it has sent is here. From then on
 *      the peer waits, under a ticket, for the end to turn up elsewhere.
 *   2. The end is closed to its holders here and packed: what it has not got yet, where its peer is, the
 *      ticket. Ends in messages that it has not got are packed with them. That is done when it is certain
 *      that the link which the message leaves by is still the right one, and kept so until step 3 is done.
 *   3. The luggage goes ahead of the message in the same lane.
 *   4. Where it arrives, a new end takes all that and attaches to the peer by the ticket. Then both send
 *      again, directly.
 *
 * So nothing is ever under way to a place that an end has left, there is nothing to forward, and the order
 * of each channel is that of its links, one after the other.
 *
 * Up to step 2 a move can be called off: the end attaches to its peer again. After it, who has the luggage
 * answers for the peer that waits: it is told when the end is lost on the way. If the node that the end
 * left is lost meanwhile, the peer waits a little for the end to turn up all the same, and then gives up.
 */
/** The moves of ends between nodes, as one node sees them. Safe for use by many threads. */
final class Moves {
  /** A peer answers at once, by its router; one that does not is found silent well before. */
  private static final long PAUSE_LIMIT_SECONDS = 20;

  /** Longer than it takes to open a connection to a busy node. */
  private static final Duration ORPHANED = Duration.ofSeconds(10);

  /** How long an end in a message that lies unread in an end that leaves may take to be ready. */
  private static final Duration NESTED = Duration.ofSeconds(10);

  /** What became of a wish to pause a peer. */
  record Answer(What what, long ticket) {
    enum What {
      /** The peer waits under the ticket. */
      PAUSED,
      /** The channel is over. */
      OVER,
      /** The peer moves itself, and goes first. */
      AFTER_THE_PEER
    }

    static Answer paused(long ticket) {
      return new Answer(What.PAUSED, ticket);
    }

    static Answer over() {
      return new Answer(What.OVER, 0);
    }

    static Answer afterThePeer() {
      return new Answer(What.AFTER_THE_PEER, 0);
    }
  }

  /**
   * An end of this node whose peer moves.
   *
   * @param mover the node that the peer leaves; null if it is this one
   */
  record Waiting(ChannelEnd<?, ?> end, Limbo limbo, @Nullable Peer mover) {}

  /** An end that is ready to leave, and can still stay. */
  private record Ready(LiveEnd carried, Limbo limbo, Luggage.Other other) {
    /** As the node there has to know it. */
    Ready told(Peer there, NodeIdentity here) {
      return other instanceof Luggage.At(NodeAt node, long ticket, Peer through)
              && !node.identity().equals(here)
              && !node.identity().equals(there.connection().peer())
          ? new Ready(
              carried, limbo, new Luggage.At(there.seenFromThere(node), ticket, through))
          : this;
    }
  }

  private final String nodeName;
  private final Surroundings surroundings;
  private final Supplier<NodeAt> self;
  private final Arrivals arrivals;
  private final AtomicLong tickets = new AtomicLong();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();

  Moves(String nodeName, Surroundings surroundings, Supplier<NodeAt> self, Peers peers) {
    this.nodeName = nodeName;
    this.surroundings = surroundings;
    this.self = self;
    this.arrivals = new Arrivals(this, surroundings, peers);
  }

  /** Of this node. */
  String nodeName() {
    return nodeName;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  NodeAt self() {
    return self.get();
  }

  /** The ends that came for a message, now that it is here. */
  List<Encoded.Carried> come(Peer from, List<Arrival> with) {
    return with.isEmpty() ? List.of() : arrivals.come(from, with);
  }

  /** Who waits under a ticket; nobody does any more then. */
  @Nullable Waiting claim(long ticket) {
    return waiting.remove(ticket);
  }

  private long await(Waiting who) {
    long ticket = tickets.incrementAndGet();
    who.limbo().awaited(ticket);
    waiting.put(ticket, who);
    return ticket;
  }

  /** Ends that are ready to leave with a message, and can still stay. */
  record Departure(List<Ready> leaving, List<Ready> told) {}

  /**
   * Makes ready the ends in a message that is to leave the node; {@link #pack} or {@link #stay} follows.
   *
   * @param by the link that the message will leave by
   * @throws PutTimeoutException if one cannot leave in time because its peer moves, too; all stay then
   * @throws io.places.LaunchException if the other node cannot be given a way to the peer of one; likewise
   */
  Departure makeReady(List<Encoded.Carried> ends, RemoteLink by, long nanos)
      throws InterruptedException {
    List<Ready> ready = new ArrayList<>();
    List<Ready> told = new ArrayList<>();
    try {
      for (Encoded.Carried carried : ends) {
        ready.add(readyToLeave((LiveEnd) carried, by, ready, nanos));
      }
      for (Ready leaving : ready) {
        told.add(leaving.told(by.peer(), self().identity()));
      }
    } catch (RuntimeException | InterruptedException e) {
      ready.forEach(this::stay);
      throw e;
    }
    return new Departure(ready, told);
  }

  /** The message is not sent by that link after all. */
  void stay(Departure departure) {
    departure.leaving().forEach(this::stay);
  }

  /**
   * Takes the ends from their places; the message must leave now.
   *
   * @param later takes what is to be done without the lock of the link: it may be users' code
   */
  List<Luggage> pack(Departure departure, RemoteLink by, Consumer<Runnable> later) {
    return departure.told().stream().map(leaving -> pack(leaving, by, later)).toList();
  }

  private Ready readyToLeave(LiveEnd live, RemoteLink by, List<Ready> batch, long nanos)
      throws InterruptedException {
    ChannelEnd<?, ?> end = live.end();
    long start = surroundings.clock().nanoTime();
    while (true) {
      Supplier<PlacesException> over = end.whyEnded();
      if (over != null) {
        return new Ready(live, limbo(null), new Luggage.Over(over));
      }
      Link link = end.link();
      if (link.equals(by)) {
        throw new MessageNotAllowedException("an end cannot be sent through itself: " + end);
      }
      Ready ready =
          switch (link) {
            case LocalLink local -> part(live, local);
            case RemoteLink remote -> pause(live, remote);
            case Limbo limbo -> withItsPeer(live, limbo, batch);
            default -> throw new AssertionError("an unknown kind of link: " + link);
          };
      if (ready != null) {
        return ready;
      }
      long left = nanos - (surroundings.clock().nanoTime() - start);
      if (end.link() instanceof Limbo limbo && !end.awaitLinkOtherThan(limbo, left)) {
        throw new PutTimeoutException(
            "the %s in the message could not be sent within %s, because its other end is on its way, too; nothing was sent"
                .formatted(end, Duration.ofNanos(nanos)));
      }
    }
  }

  /** The peer is in this JVM. */
  private @Nullable Ready part(LiveEnd live, LocalLink link) {
    ChannelEnd<?, ?> peer = link.to();
    Limbo ofPeer = limbo(null);
    long ticket = await(new Waiting(peer, ofPeer, null));
    Limbo own = limbo(null);
    if (!ChannelEnd.part(live.end(), own, peer, ofPeer)) {
      waiting.remove(ticket);
      return null;
    }
    return new Ready(live, own, new Luggage.At(self(), ticket, null));
  }

  /** The peer is on another node, or was when we looked. */
  private @Nullable Ready pause(LiveEnd live, RemoteLink link) {
    var limbo = new Limbo(surroundings.clock(), link.window(), link);
    if (!live.end().replaceLink(link, limbo)) {
      return null;
    }
    var wish = PauseEnd.newBuilder().setChannel(link.id());
    link.peer()
        .connection()
        .control(link.lane(), Control.newBuilder().setPauseEnd(wish).build());
    Answer answer = answer(link);
    return answer.what() == Answer.What.PAUSED
        ? new Ready(
            live, limbo, new Luggage.At(link.peer().at(), answer.ticket(), link.peer()))
        : null;
  }

  /** Not interruptible: the answer or the end of the connection comes soon, and half a pause is none. */
  private static Answer answer(RemoteLink link) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return link.pausing().get(PAUSE_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          link.closedByPeer(
              () ->
                  new NodeLostException(
                      "%s did not answer within %d s when an end of a channel was to move"
                          .formatted(link.peer(), PAUSE_LIMIT_SECONDS)));
        } catch (ExecutionException e) {
          throw new AssertionError("nobody fails this", e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Both ends of a channel in one message: the first has made the second wait for it. */
  private @Nullable Ready withItsPeer(LiveEnd live, Limbo limbo, List<Ready> batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).other() instanceof Luggage.At(NodeAt node, long ticket, Peer through)
          && ticket == limbo.ticket()
          && ticket != 0
          && node.identity().equals(self().identity())
          && through == null) {
        return new Ready(live, limbo, new Luggage.InSameMessage(i));
      }
    }
    return null;
  }

  private void stay(Ready ready) {
    if (!(ready.other() instanceof Luggage.At(NodeAt node, long ticket, Peer through))) {
      return; // over, or back with its peer
    }
    arrivals.attach(ready.carried().end(), ready.limbo(), node, ticket, failure -> {});
  }

  private Luggage pack(Ready ready, RemoteLink by, Consumer<Runnable> later) {
    LiveEnd live = ready.carried();
    Supplier<PlacesException> over = live.end().whyEnded();
    List<ChannelEnd.Unread> unread =
        live.end()
            .leave(
                new MovedException(
                    "this end of a channel was sent from node %s to another node; it is at one node at a time"
                        .formatted(nodeName)),
                later);
    Luggage.Other other = ready.other();
    if (over != null && other instanceof Luggage.At at) {
      later.accept(() -> tell(at, over.get())); // closed at the last moment
    }
    if (over != null) {
      other = new Luggage.Over(over);
    }
    List<Luggage.Unread> packed = new ArrayList<>();
    try {
      for (ChannelEnd.Unread message : unread) {
        message.release(); // it leaves
        packed.add(new Luggage.Unread(message.question(), encoded(live.end(), message, by, later)));
      }
    } catch (PlacesException e) { // such as shared memory in a message, which cannot leave
      var broken =
          new ChannelClosedException(
              "an end of this channel was sent to another node, and a message on it could not be: "
                  + e.getMessage(),
              e);
      if (other instanceof Luggage.At at) {
        later.accept(() -> tell(at, broken));
      }
      other = new Luggage.Over(() -> broken);
    }
    return new Luggage(
        live.sends(), live.receives(), live.end().lastQuestion(), packed, other);
  }

  private Encoded encoded(
      ChannelEnd<?, ?> end, ChannelEnd.Unread message, RemoteLink by, Consumer<Runnable> later) {
    Encoded encoded = end.encodeUnread(message);
    by.requireFits(encoded);
    if (!encoded.ends().isEmpty()) {
      try {
        encoded.replaceEnds(pack(makeReady(encoded.ends(), by, NESTED.toNanos()), by, later));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ChannelClosedException("interrupted while a message with ends in it was sent", e);
      }
    }
    return encoded;
  }

  /** Sends what was packed ahead of the message that it is in. */
  void ship(Encoded message, Peer to, long lane, long carrier) {
    List<Long> channels = new ArrayList<>();
    for (Encoded.Carried carried : message.ends()) {
      Luggage luggage = (Luggage) carried;
      long channel = to.newChannelId();
      channels.add(channel);
      if (luggage.other() instanceof Luggage.At at) {
        to.departed(channel, at);
      }
      to.connection()
          .control(
              lane,
              Control.newBuilder()
                  .setEndArrives(announcement(luggage, carrier, channel, channels))
                  .build());
      for (Luggage.Unread unread : luggage.unread()) {
        ship(unread.content(), to, lane, channel);
        Mark mark = unread.question() == 0 ? Mark.PLAIN : Mark.QUESTION;
        RemoteLink.data(to, lane, channel, unread.content(), mark, unread.question());
      }
    }
  }

  private static EndArrives announcement(
      Luggage luggage, long carrier, long channel, List<Long> channels) {
    var message =
        EndArrives.newBuilder()
            .setCarrier(carrier)
            .setChannel(channel)
            .setSends(luggage.sends())
            .setReceives(luggage.receives())
            .setLastQuestion(luggage.lastQuestion());
    switch (luggage.other()) {
      case Luggage.At(NodeAt node, long ticket, Peer through) ->
          message.setOtherEnd(node.toWire()).setTicket(ticket);
      case Luggage.InSameMessage(int position) -> message.setWith(channels.get(position));
      case Luggage.Over(Supplier<PlacesException> reason) ->
          message.setOver(Overs.toWire(reason.get()));
    }
    return message.build();
  }

  private static PlacesException lost(PlacesException reason) {
    String message = "the other end of this channel was lost on its way: " + reason.getMessage();
    return reason instanceof NodeLostException
        ? new NodeLostException(message, reason)
        : new ChannelClosedException(message, reason);
  }

  /** An end that left did not reach its new place. */
  void failed(Luggage.At other, PlacesException reason) {
    tell(other, lost(reason));
  }

  /** Ends the wait of an end for its peer. */
  private void tell(Luggage.At other, PlacesException reason) {
    if (other.through() == null) {
      giveUp(other.ticket(), () -> reason);
    } else {
      var message =
          MoveFailed.newBuilder().setTicket(other.ticket()).setOver(Overs.toWire(reason));
      other
          .through()
          .connection()
          .control(Control.newBuilder().setMoveFailed(message).build());
    }
  }

  /** The peer of an end of this node will not turn up. */
  void giveUp(long ticket, Supplier<PlacesException> reason) {
    Waiting left = waiting.remove(ticket);
    if (left != null) {
      left.end().closedByPeer(reason);
    }
  }

  /** The peer's end of a channel is about to move; not on the event loop, since it waits for senders. */
  void paused(RemoteLink link) {
    ChannelEnd<?, ?> end = link.end();
    if (end == null) {
      return; // its peer is just being told that it was dropped
    }
    var limbo = new Limbo(surroundings.clock(), link.window(), link);
    if (!end.replaceLink(link, limbo)) {
      if (!(end.link() instanceof Limbo own) || !link.equals(own.before()) || own.ticket() != 0) {
        return;
      }
      if (link.peer().connection().isConnector()) {
        return; // ours moves first
      }
      limbo = own;
    }
    link.freeze();
    long ticket = await(new Waiting(end, limbo, link.peer()));
    link.peer().remove(link.id());
    var answer = EndPaused.newBuilder().setChannel(link.id()).setTicket(ticket);
    link.peer()
        .connection()
        .control(link.lane(), Control.newBuilder().setEndPaused(answer).build());
    link.stop();
    link.pausing().complete(Answer.afterThePeer());
    if (link.peer().isLost()) {
      lost(link.peer());
    }
  }

  /** A node is lost that ends may just have left. They may have reached another before. */
  void lost(Peer mover) {
    Map<Long, Waiting> orphans = new HashMap<>();
    waiting.forEach(
        (ticket, left) -> {
          if (mover.equals(left.mover())) {
            orphans.put(ticket, left);
          }
        });
    if (!orphans.isEmpty()) {
      surroundings.spawner().virtual("places-orphaned-ends", () -> giveUp(orphans, mover));
    }
  }

  private void giveUp(Map<Long, Waiting> orphans, Peer mover) {
    long start = surroundings.clock().nanoTime();
    try {
      for (Map.Entry<Long, Waiting> orphan : orphans.entrySet()) {
        Waiting left = orphan.getValue();
        long patience = ORPHANED.toNanos() - (surroundings.clock().nanoTime() - start);
        if (!left.end().awaitLinkOtherThan(left.limbo(), patience)) {
          giveUp(
              orphan.getKey(),
              () ->
                  new NodeLostException(
                      "%s was lost while the other end of this channel moved from there; it did not turn up elsewhere within %d s"
                          .formatted(mover, ORPHANED.toSeconds())));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the node ends
    }
  }

  private Limbo limbo(@Nullable RemoteLink before) {
    return new Limbo(surroundings.clock(), new Window(), before);
  }
}
