package io.places.node;

import io.places.ChannelClosedException;
import io.places.InterruptKind;
import io.places.ProtocolException;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.message.SpareArrays;
import io.places.place.Isolation;
import io.places.place.RunningPlace;
import io.places.wire.Connection;
import io.places.wire.ConnectionListener;
import io.places.wire.NodeIdentity;
import io.places.wire.proto.ChannelClosed;
import io.places.wire.proto.Control;
import io.places.wire.proto.Drain;
import io.places.wire.proto.Drained;
import io.places.wire.proto.EndPaused;
import io.places.wire.proto.EndSettled;
import io.places.wire.proto.Hello;
import io.places.wire.proto.Inspect;
import io.places.wire.proto.InterruptPlace;
import io.places.wire.proto.KillPlace;
import io.places.wire.proto.ListNames;
import io.places.wire.proto.NamesListed;
import io.places.wire.proto.PlaceEnded;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * What comes from connections, to whom it belongs. Runs on the connections' event loops, so nothing here
 * waits: a message goes into its channel's mailbox, an answer to the thread that waits for it, and what
 * may load classes or start threads goes to a thread of its own.
 *
 * Data for a channel that is not there (any more) is dropped: its holder closed it while the message was
 * under way.
 */
final class MessageRouter implements ConnectionListener {
  /** Names of 64 characters: well within a control frame. */
  static final int NAMES_AT_ONCE = 500;

  private final String nodeName;
  private final int largestMessage;
  private final PlaceHost host;
  private final NodeLog log;
  private final Surroundings surroundings;
  private final Moves moves;
  private final Peers peers;
  private final Inspection inspection;
  private volatile NodeAt self;
  private volatile @Nullable UUID owner;
  private volatile Consumer<Boolean> whenOwnerIsLost = forWantOfMemory -> {};

  /**
   * @param wire opens connections
   */
  MessageRouter(
      String nodeName,
      NodeIdentity identity,
      int largestMessage,
      PlaceHost host,
      NodeLog log,
      Surroundings surroundings,
      BiFunction<InetSocketAddress, Duration, Connection> wire) {
    this.nodeName = nodeName;
    this.largestMessage = largestMessage;
    this.self = new NodeAt(identity, "", 0);
    this.peers = new Peers(identity, surroundings, wire);
    this.moves = new Moves(nodeName, surroundings, () -> self, peers);
    this.host = host;
    this.inspection = new Inspection(nodeName, host, peers, surroundings.clock());
    this.log = log;
    this.surroundings = surroundings;
  }

  /** Where the node listens, for other nodes. */
  void listensAt(InetSocketAddress address) {
    self = new NodeAt(self.identity(), address.getAddress().getHostAddress(), address.getPort());
  }

  Peers peers() {
    return peers;
  }

  /** What the node does now. */
  NodeStatus status() {
    return inspection.look();
  }

  /**
   * The node that has launched this one.
   *
   * @param whenLost run when the connection to it ends, with whether that is for want of memory here
   */
  void owner(UUID node, Consumer<Boolean> whenLost) {
    whenOwnerIsLost = whenLost;
    owner = node;
  }

  /** Null at the root, and as long as the owner has not connected. */
  @Nullable Peer owner() {
    UUID id = owner;
    if (id != null) {
      for (Peer peer : peers.all()) {
        if (peer.connection().peer().node().equals(id)) {
          return peer.serving();
        }
      }
    }
    return null;
  }

  @Override
  public void opened(Connection connection) {
    boolean only = peers.opened(new Peer(connection, moves, surroundings));
    var hello =
        Hello.newBuilder()
            .setNodeName(nodeName)
            .setProcessId(ProcessHandle.current().pid())
            .setHost(self.host())
            .setPort(self.port())
            .setOnly(only)
            .setWindow(Connection.window())
            .setLargestMessage(largestMessage);
    connection.control(Control.newBuilder().setHello(hello).build());
    if (connection.isOver()) {
      closed(connection, "was closed", false);
    }
  }

  @Override
  public void control(Connection connection, Control message) {
    Peer peer = peers.of(connection);
    if (peer == null) {
      return;
    }
    switch (message.getBodyCase()) {
      case HELLO -> peers.greeted(peer, message.getHello());
      case START_PLACE -> {
        requireTheirs(peer, message.getStartPlace().getChannel());
        requireTheirs(peer, message.getStartPlace().getOutput());
        surroundings
            .spawner()
            .virtual("places-start", () -> host.start(peer, message.getStartPlace()));
      }
      case OPEN_NAMED -> {
        requireTheirs(peer, message.getOpenNamed().getChannel());
        if (message.getOpenNamed().getWaitMillis() > 0) {
          surroundings
              .spawner()
              .virtual("places-named", () -> host.open(peer, message.getOpenNamed()));
        } else {
          host.open(peer, message.getOpenNamed());
        }
      }
      case LIST_NAMES -> listNames(peer, message.getListNames());
      case NAMES_LISTED -> peer.answer(message.getNamesListed().getRequest(), message);
      case LOG_TEXT -> log.received(message.getLogText());
      case DRAIN -> {
        if (!connection.peer().node().equals(owner)) {
          throw new ProtocolException("only the owner of a node may drain it");
        }
        surroundings.spawner().virtual("places-drain", () -> drain(peer, message.getDrain()));
      }
      case DRAINED -> peer.answer(message.getDrained().getRequest(), message);
      case INSPECT ->
          surroundings
              .spawner()
              .virtual("places-inspect", () -> inspected(peer, message.getInspect()));
      case INSPECTED -> peer.answer(message.getInspected().getRequest(), message);
      case PLACE_STARTED -> placeStarted(peer, message);
      case PLACE_REFUSED -> peer.answer(message.getPlaceRefused().getChannel(), message);
      case NAMED_OPENED -> namedOpened(peer, message);
      case NAMED_REFUSED -> peer.answer(message.getNamedRefused().getChannel(), message);
      case PLACE_ENDED -> placeEnded(peer, message.getPlaceEnded());
      case KILL_PLACE -> kill(peer, message.getKillPlace().getChannel());
      case INTERRUPT_PLACE -> interrupt(peer, message.getInterruptPlace());
      case CHANNEL_CLOSED -> channelClosed(peer, message.getChannelClosed());
      case PAUSE_END -> pause(peer, message.getPauseEnd().getChannel());
      case END_PAUSED -> paused(peer, message.getEndPaused());
      case END_ARRIVES -> {
        requireTheirs(peer, message.getEndArrives().getChannel());
        moves.arrivals().announced(peer, message.getEndArrives());
      }
      case END_SETTLED -> settled(peer, message.getEndSettled());
      case ATTACH_END -> {
        requireTheirs(peer, message.getAttachEnd().getChannel());
        moves.arrivals().attach(peer, message.getAttachEnd());
      }
      case END_ATTACHED -> moves.arrivals().attached(peer, message.getEndAttached());
      case ATTACH_REFUSED -> peer.answer(message.getAttachRefused().getChannel(), message);
      case MOVE_FAILED ->
          moves.giveUp(
              message.getMoveFailed().getTicket(),
              Overs.fromWire(message.getMoveFailed().getOver()));
      case RETIRE -> peer.retiredThere();
      case GOODBYE, BODY_NOT_SET -> {} // the first is the connection's; the second is of a later version
    }
  }

  @Override
  public int largestMessage() {
    return largestMessage;
  }

  @Override
  public byte @Nullable [] spare(int size) {
    return SpareArrays.find(size);
  }

  @Override
  public void spare(byte[] array) {
    SpareArrays.give(array);
  }

  @Override
  public void data(Connection connection, long channel, int marks, byte[] message, int size) {
    Peer peer = peers.of(connection);
    if (peer == null) {
      connection.release(size);
      return;
    }
    RemoteLink to = peer.channel(channel);
    Arrival arrival = to == null ? peer.arrival(channel) : null;
    if (to != null) {
      to.received(marks, message, size);
    } else if (arrival != null) {
      arrival.received(marks, message, size);
    } else {
      connection.release(size);
    }
  }

  @Override
  public void credit(Connection connection, long channel, long messages, long bytes) {
    Peer peer = peers.of(connection);
    if (peer != null && channel == 0) {
      peer.window().grant(bytes);
      return;
    }
    RemoteLink to = peer == null ? null : peer.channel(channel);
    if (to != null) {
      to.grant(messages, bytes);
    }
  }

  @Override
  public void closed(Connection connection, String reason, boolean mayStillRun) {
    Peer peer = peers.of(connection);
    if (peer != null) {
      boolean stillConnected = peers.closed(peer);
      peer.lost(reason, mayStillRun);
      host.names().wake(); // it may wait for one
      if (!stillConnected && connection.peer().node().equals(owner)) {
        whenOwnerIsLost.accept(connection.wantsMemory());
      }
    }
  }

  /** Its creator may have been interrupted meanwhile, or have waited too long: nobody will ever have it. */
  private static void placeStarted(Peer peer, Control answer) {
    long place = answer.getPlaceStarted().getChannel();
    if (!peer.answer(place, answer)) {
      var kill = KillPlace.newBuilder().setChannel(place);
      peer.connection().control(Control.newBuilder().setKillPlace(kill).build());
    }
  }

  /** Likewise. */
  private static void namedOpened(Peer peer, Control answer) {
    long channel = answer.getNamedOpened().getChannel();
    if (!peer.answer(channel, answer)) {
      var closed =
          ChannelClosed.newBuilder().setChannel(channel).setReason("the client waits no more");
      peer.connection().control(Control.newBuilder().setChannelClosed(closed).build());
    }
  }

  private void listNames(Peer peer, ListNames request) {
    List<String> names = host.names().list(request.getAfter(), NAMES_AT_ONCE);
    var answer = NamesListed.newBuilder().setRequest(request.getRequest()).addAllNames(names);
    peer.connection().control(Control.newBuilder().setNamesListed(answer).build());
  }

  private void drain(Peer peer, Drain request) {
    int running = host.drain(Duration.ofMillis(Math.max(0, request.getLimitMillis())));
    var answer = Drained.newBuilder().setRequest(request.getRequest()).setRunning(running);
    peer.connection().control(Control.newBuilder().setDrained(answer).build());
  }

  private void inspected(Peer peer, Inspect request) {
    var answer = Statuses.toWire(request.getRequest(), status());
    peer.connection().control(Control.newBuilder().setInspected(answer).build());
  }

  private void kill(Peer peer, long channel) {
    Hosted place = peer.hosted(channel);
    if (place != null) {
      place.tell(this::kill);
    }
  }

  /**
   * A place with a platform thread of its own is killed by such a thread: places that compute in virtual threads may
   * leave those no processor for long.
   */
  private void kill(RunningPlace place) {
    Spawner spawner = surroundings.spawner();
    if (place.isolation() != Isolation.VIRTUAL) {
      try {
        spawner.platform("places-kill", place::kill);
        return;
      } catch (OutOfMemoryError e) {
        // so the JDK says that there is no thread
      }
    }
    spawner.virtual("places-kill", place::kill);
  }

  private static void interrupt(Peer peer, InterruptPlace message) {
    Hosted place = peer.hosted(message.getChannel());
    InterruptKind kind =
        switch (message.getKind()) {
          case HANG_UP -> InterruptKind.HANG_UP;
          case TERMINATE -> InterruptKind.TERMINATE;
          case BREAK, UNRECOGNIZED -> InterruptKind.BREAK;
        };
    if (place != null) {
      place.tell(running -> running.interrupt(kind));
    }
  }

  private void pause(Peer peer, long channel) {
    RemoteLink link = peer.channel(channel);
    if (link != null) { // else the peer is just being told that it is closed
      surroundings.spawner().virtual("places-pause", () -> moves.paused(link));
    }
  }

  private static void paused(Peer peer, EndPaused message) {
    RemoteLink link = peer.remove(message.getChannel());
    if (link != null) {
      link.stop();
      link.pausing().complete(Moves.Answer.paused(message.getTicket()));
    }
  }

  private static void settled(Peer peer, EndSettled message) {
    peer.settled(
        message.getChannel(),
        message.hasFailed() ? Overs.fromWire(message.getFailed()).get() : null);
  }

  private static void placeEnded(Peer peer, PlaceEnded message) {
    RemotePlace<?, ?> place = peer.removePlace(message.getChannel());
    if (place != null) {
      place.forget();
      place.ended(message);
    }
  }

  private static void channelClosed(Peer peer, ChannelClosed message) {
    RemoteLink channel = peer.remove(message.getChannel());
    if (channel != null) {
      channel.closedByPeer(() -> closed(channel, message));
    }
  }

  private static ChannelClosedException closed(RemoteLink channel, ChannelClosed message) {
    String why =
        message.getReason().isEmpty()
            ? "the other end of the " + channel + " was closed"
            : message.getReason();
    if (message.hasFailure()) {
      return new ChannelClosedException(why, Failures.fromWire(message.getFailure()));
    }
    return message.getReason().isEmpty()
        ? ChannelClosedException.inOrder(why)
        : new ChannelClosedException(why);
  }

  /** A peer opens channels with fresh ids of its own parity: no peer can speak for another's channel. */
  private static void requireTheirs(Peer peer, long channel) {
    long parity = peer.connection().isConnector() ? 0 : 1;
    if (channel <= 0 || channel % 2 != parity || peer.channel(channel) != null) {
      throw new ProtocolException("channel id " + channel + " is not the peer's to open");
    }
  }
}
