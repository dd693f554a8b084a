package io.places.rmpi;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/*
 * Of two ranks the lower makes a file and tells where; the higher opens it, if it is on the same host and can,
 * and says so. All first tell those above them, then answer those below them, then hear the answers: so nobody
 * waits for one that waits.
 *
 * Where there is no such file the lower listens, the higher connects and says so, and the lower says whether
 * the connection has come. What is left uses its place channel.
 */
/** Finds out which way leads from a rank to each rank in another JVM. */
final class Connections {
  /** Makes the memory that two ranks share. */
  interface MemoryMaker {
    PairMemory.Offered make(RandomGenerator random) throws IOException;
  }

  private final World world;
  private final LinkKind wanted;
  private final Duration limit;
  private final InetAddress own;
  private final MemoryMaker maker;
  private final Consumer<String> warnings;
  private final Map<Integer, PlaceChannel<Frame, Frame>> channels = new TreeMap<>();
  private final Map<Integer, PairMemory.Offered> offers = new TreeMap<>();
  private final Map<Integer, String> refusals = new TreeMap<>(); // why there is no offer
  private final Map<Integer, RemoteLink> links = new TreeMap<>();

  /**
   * @param limit for an answer: the peer starts at the same time
   * @param own the address of the rank's node
   * @param warnings is told what makes messages slower than they might be
   */
  Connections(
      World world, LinkKind wanted, Duration limit, InetAddress own, MemoryMaker maker, Consumer<String> warnings) {
    this.world = world;
    this.wanted = wanted;
    this.limit = limit;
    this.own = own;
    this.maker = maker;
    this.warnings = warnings;
  }

  /** A rank that can be reached by a channel. */
  void add(int peer, PlaceChannel<Frame, Frame> channel) {
    channels.put(peer, channel);
  }

  /**
   * The links to all that were added.
   *
   * @throws RmpiException if the way that is wanted leads to one of them not
   */
  List<RemoteLink> make() {
    if (wanted == LinkKind.AUTO || wanted == LinkKind.MEMORY) {
      tryMemory();
    }
    if (wanted == LinkKind.AUTO || wanted == LinkKind.TCP) {
      tryTcp();
    }
    channels.forEach(
        (peer, channel) -> links.computeIfAbsent(peer, any -> new ChannelLink(world, peer, channel)));
    links.forEach(world::linkTo);
    return List.copyOf(links.values());
  }

  private void tryMemory() {
    List<Integer> peers = new ArrayList<>(channels.keySet());
    try {
      peers.stream().filter(peer -> peer > world.rank()).forEach(this::offer);
      peers.stream().filter(peer -> peer < world.rank()).forEach(this::answer);
      peers.stream().filter(peer -> peer > world.rank()).forEach(this::hearAnswer);
    } finally {
      offers.values().forEach(each -> each.file().close());
    }
  }

  private void offer(int peer) {
    PlaceChannel<Frame, Frame> channel = channel(peer);
    try {
      PairMemory.Offered offered = maker.make(world.random());
      offers.put(peer, offered);
      channel.put(offered.file().name());
    } catch (IOException e) {
      if (refusals.isEmpty() && wanted == LinkKind.AUTO) {
        warnings.accept(
            "rank %d has no memory to share with the ranks of its host, and will use connections, which are slower: %s"
                .formatted(world.rank(), e.getMessage()));
      }
      refusals.put(peer, e.toString());
      channel.put(new Frame.NoMemory(e.toString()));
    }
  }

  private void answer(int peer) {
    PlaceChannel<Frame, Frame> channel = channel(peer);
    String refusal;
    switch (channel.get(limit)) {
      case Frame.Memory memory -> {
        try {
          link(peer, PairMemory.open(memory));
          channel.put(new Frame.SharedMemory());
          return;
        } catch (IOException e) {
          refusal = e.toString();
          channel.put(new Frame.NoMemory(refusal));
        }
      }
      case Frame.NoMemory(String why) -> refusal = why;
      case Frame other -> throw unexpected(peer, other);
    }
    refused(peer, refusal);
  }

  private void hearAnswer(int peer) {
    PairMemory.@Nullable Offered offered = offers.get(peer);
    if (offered == null) {
      refused(peer, String.valueOf(refusals.get(peer)));
      return;
    }
    switch (channel(peer).get(limit)) {
      case Frame.SharedMemory() -> link(peer, offered.memory());
      case Frame.NoMemory(String why) -> refused(peer, why);
      case Frame other -> throw unexpected(peer, other);
    }
  }

  private void link(int peer, PairMemory memory) {
    links.put(peer, new MemoryLink(world, peer, channel(peer), memory));
  }

  private void refused(int peer, String why) {
    if (wanted == LinkKind.MEMORY) {
      throw new RmpiException(
          "ranks %d and %d cannot share memory, which this job is to use: %s; leave out the kind of link, or put them on one host"
              .formatted(world.rank(), peer, why));
    }
  }

  private void tryTcp() {
    List<Integer> peers = new ArrayList<>(channels.keySet());
    peers.removeAll(links.keySet());
    if (peers.isEmpty()) {
      return;
    }
    List<Integer> above = peers.stream().filter(peer -> peer > world.rank()).toList();
    List<Integer> below = peers.stream().filter(peer -> peer < world.rank()).toList();
    Map<Integer, SocketChannel> sockets = new TreeMap<>();
    try (TcpMeeting meeting = new TcpMeeting(world, own)) {
      above.forEach(peer -> listen(meeting, peer));
      below.forEach(peer -> connect(peer, sockets));
      above.forEach(peer -> accept(meeting, peer, sockets));
      below.forEach(peer -> hearConnected(peer, sockets));
      linkOver(sockets);
      sockets.clear(); // they are the links'
    } catch (IOException e) {
      throw new RmpiException("rank %d cannot use its sockets: %s".formatted(world.rank(), e), e);
    } finally {
      sockets.values().forEach(Connections::close);
    }
  }

  private static void close(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use to anybody.
    }
  }

  private void listen(TcpMeeting meeting, int peer) {
    Frame told;
    try {
      // A byte of one host must be that of the other: elements go as they are in memory.
      told =
          ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
              ? meeting.listen(peer)
              : new Frame.NoConnection("this processor puts the high byte first");
    } catch (IOException e) {
      told = new Frame.NoConnection(e.toString());
    }
    channel(peer).put(told);
  }

  private void connect(int peer, Map<Integer, SocketChannel> sockets) {
    Frame answer;
    switch (channel(peer).get(limit)) {
      case Frame.Listens where -> {
        try {
          sockets.put(peer, TcpMeeting.connect(where));
          answer = new Frame.Connected();
        } catch (IOException e) {
          answer = new Frame.NoConnection(e.toString());
        }
      }
      case Frame.NoConnection none -> answer = none;
      case Frame other -> throw unexpected(peer, other);
    }
    channel(peer).put(answer);
  }

  private void accept(TcpMeeting meeting, int peer, Map<Integer, SocketChannel> sockets) {
    Frame verdict;
    switch (channel(peer).get(limit)) {
      case Frame.Connected connected -> {
        try {
          sockets.put(peer, meeting.accept(peer));
          verdict = connected;
        } catch (IOException e) {
          verdict = new Frame.NoConnection(e.toString());
        }
      }
      case Frame.NoConnection none -> verdict = none;
      case Frame other -> throw unexpected(peer, other);
    }
    channel(peer).put(verdict);
    if (verdict instanceof Frame.NoConnection(String why)) {
      unconnected(peer, why);
    }
  }

  private void hearConnected(int peer, Map<Integer, SocketChannel> sockets) {
    switch (channel(peer).get(limit)) {
      case Frame.Connected() -> {}
      case Frame.NoConnection(String why) -> {
        SocketChannel useless = sockets.remove(peer);
        if (useless != null) {
          close(useless);
        }
        unconnected(peer, why);
      }
      case Frame other -> throw unexpected(peer, other);
    }
  }

  private void unconnected(int peer, String why) {
    if (wanted == LinkKind.TCP) {
      throw new RmpiException(
          "ranks %d and %d have no connection, which this job is to use: %s; leave out the kind of link"
              .formatted(world.rank(), peer, why));
    }
  }

  private void linkOver(Map<Integer, SocketChannel> sockets) throws IOException {
    if (sockets.isEmpty()) {
      return;
    }
    SocketSleeper sleeper = new SocketSleeper();
    world.progress().sleepBy(sleeper);
    LateFlush lateFlush = new LateFlush(world.clock(), world.spawner());
    List<TcpLink> all = new ArrayList<>();
    for (Map.Entry<Integer, SocketChannel> each : sockets.entrySet()) {
      int peer = each.getKey();
      SelectionKey key = sleeper.register(each.getValue());
      TcpStream stream = new TcpStream(each.getValue());
      TcpLink link = new TcpLink(world, peer, channel(peer), stream, key, lateFlush);
      all.add(link);
      links.put(peer, link);
    }
    lateFlush.links(all);
  }

  private PlaceChannel<Frame, Frame> channel(int peer) {
    PlaceChannel<Frame, Frame> channel = channels.get(peer);
    if (channel == null) {
      throw new IllegalStateException("no channel to rank " + peer);
    }
    return channel;
  }

  private static PlacesException unexpected(int peer, Frame frame) {
    return new RmpiException("rank %d answers with %s".formatted(peer, frame));
  }
}
