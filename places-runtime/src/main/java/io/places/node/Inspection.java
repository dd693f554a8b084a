package io.places.node;

import io.places.Clock;
import io.places.channel.ChannelEnd;
import io.places.channel.LocalLink;
import io.places.launch.HostAndPort;
import io.places.node.NodeStatus.ChannelStatus;
import io.places.node.NodeStatus.ConnectionStatus;
import io.places.node.NodeStatus.NameStatus;
import io.places.node.NodeStatus.PlaceStatus;
import io.places.node.NodeStatus.Table;
import io.places.place.CurrentPlace;
import io.places.place.RunningPlace;
import io.places.wire.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/*
 * Nobody keeps a list of all channels, so that a channel costs nothing but itself. The ends are found where
 * they hang on something that is listed: a place, a name, a connection; and from an end its other one, if
 * that is in this JVM, too.
 */
/** Looks at what a node does. Safe for use by many threads; holds nobody up for longer than a read. */
final class Inspection {
  private final String node;
  private final PlaceHost host;
  private final Peers peers;
  private final Clock clock;
  private final long started;

  /** Of a node that starts now. */
  Inspection(String node, PlaceHost host, Peers peers, Clock clock) {
    this.node = node;
    this.host = host;
    this.peers = peers;
    this.clock = clock;
    this.started = clock.nanoTime();
  }

  NodeStatus look() {
    Map<CurrentPlace, RunningPlace> places = host.running();
    List<Names.Named> names = namesOf(places);
    return new NodeStatus(
        node,
        ProcessHandle.current().pid(),
        since(started),
        whole(places(places)),
        whole(names.stream().map(Inspection::name).toList()),
        whole(channels(places, names)),
        whole(peers.all().stream().map(this::connection).toList()));
  }

  /** A name is taken before its place is there, and free again after that has gone. */
  private List<Names.Named> namesOf(Map<CurrentPlace, RunningPlace> places) {
    Set<String> there = places.keySet().stream().map(CurrentPlace::place).collect(Collectors.toSet());
    return host.names().all().stream().filter(named -> there.contains(named.name())).toList();
  }

  private List<PlaceStatus> places(Map<CurrentPlace, RunningPlace> running) {
    return running.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getValue().since()))
        .map(entry -> place(entry.getKey(), entry.getValue()))
        .toList();
  }

  private PlaceStatus place(CurrentPlace self, RunningPlace place) {
    return new PlaceStatus(
        self.place(), place.body(), place.isolation(), since(place.since()));
  }

  private static NameStatus name(Names.Named named) {
    long waiting =
        named.door() instanceof ChannelEnd<?, ?> door && door.link() instanceof LocalLink toBody
            ? toBody.to().unreadMessages()
            : 0;
    long clients = clients(named).stream().filter(client -> !client.isEnded()).count();
    return new NameStatus(named.name(), named.epoch(), clients, waiting);
  }

  private static List<ChannelEnd<?, ?>> clients(Names.Named named) {
    synchronized (named.clients()) {
      return List.copyOf(named.clients());
    }
  }

  private List<ChannelStatus> channels(
      Map<CurrentPlace, RunningPlace> places, List<Names.Named> names) {
    Set<ChannelEnd<?, ?>> here = new LinkedHashSet<>();
    places.values().forEach(place -> addBoth(here, place.end()));
    names.forEach(name -> clients(name).forEach(client -> addBoth(here, client)));
    List<ChannelStatus> channels = new ArrayList<>();
    for (ChannelEnd<?, ?> end : here) {
      if (end.link() instanceof LocalLink) {
        channels.add(channel(end, node, 0));
      }
    }
    for (Peer peer : peers.all()) {
      Map<Long, Long> unsent = peer.connection().backlog().unsent();
      for (RemoteLink link : peer.links()) {
        ChannelEnd<?, ?> end = link.end();
        if (end != null) {
          channels.add(channel(end, peer.name(), unsent.getOrDefault(link.id(), 0L)));
        }
      }
    }
    channels.sort(
        Comparator.comparingLong((ChannelStatus end) -> end.unreadBytes() + end.unsentBytes())
            .thenComparingLong(ChannelStatus::unreadMessages)
            .reversed());
    return channels;
  }

  private static void addBoth(Set<ChannelEnd<?, ?>> ends, ChannelEnd<?, ?> end) {
    ends.add(end);
    if (end.link() instanceof LocalLink link) {
      ends.add(link.to());
    }
  }

  private static ChannelStatus channel(ChannelEnd<?, ?> end, String at, long unsent) {
    return new ChannelStatus(end.peer(), at, end.unreadMessages(), end.unreadBytes(), unsent);
  }

  private ConnectionStatus connection(Peer peer) {
    Connection.Backlog backlog = peer.connection().backlog();
    return new ConnectionStatus(
        peer.name(),
        HostAndPort.format(peer.connection().remote()),
        peer.connection().isConnector(),
        since(peer.connection().since()),
        peer.openChannels(),
        backlog.unsent().values().stream().mapToLong(Long::longValue).sum(),
        backlog.inFlight(),
        backlog.unread());
  }

  private Duration since(long nanoTime) {
    return Duration.ofNanos(clock.nanoTime() - nanoTime);
  }

  private static <T> Table<T> whole(List<T> rows) {
    return new Table<>(rows, 0);
  }
}
