package io.places.rmpi;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/*
 * Of two ranks the lower makes a file and tells where; the higher opens it, if it is on the same host and can,
 * and says so. All first tell those above them, then answer those below them, then hear the answers: so nobody
 * waits for one that waits.
 */
/** Finds out which way leads from a rank to each rank in another JVM. */
final class Connections {
  /** For an answer: the peer starts at the same time. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final World world;
  private final LinkKind wanted;
  private final Map<Integer, PlaceChannel<Frame, Frame>> channels = new TreeMap<>();
  private final Map<Integer, PairMemory.Offered> offers = new TreeMap<>();
  private final Map<Integer, RemoteLink> links = new TreeMap<>();

  Connections(World world, LinkKind wanted) {
    this.world = world;
    this.wanted = wanted;
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
    if (wanted != LinkKind.CHANNEL) {
      tryMemory();
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
      offers.values().forEach(PairMemory.Offered::close);
    }
  }

  private void offer(int peer) {
    PlaceChannel<Frame, Frame> channel = channel(peer);
    try {
      PairMemory.Offered offered = PairMemory.create(world.random());
      offers.put(peer, offered);
      channel.put(offered.frame());
    } catch (IOException e) {
      channel.put(new Frame.NoMemory(e.toString()));
    }
  }

  private void answer(int peer) {
    PlaceChannel<Frame, Frame> channel = channel(peer);
    String refusal;
    switch (channel.get(LIMIT)) {
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
      refused(peer, "it could not be made");
      return;
    }
    switch (channel(peer).get(LIMIT)) {
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
