package io.places.node;

import io.places.ProtocolException;
import io.places.node.NodeStatus.ChannelStatus;
import io.places.node.NodeStatus.ConnectionStatus;
import io.places.node.NodeStatus.NameStatus;
import io.places.node.NodeStatus.PlaceStatus;
import io.places.node.NodeStatus.Table;
import io.places.place.Isolation;
import io.places.wire.PeerText;
import io.places.wire.proto.ChannelRow;
import io.places.wire.proto.ConnectionRow;
import io.places.wire.proto.Inspected;
import io.places.wire.proto.NameRow;
import io.places.wire.proto.PlaceRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** What a node does, on its way to one that has asked. */
final class Statuses {
  /** Bytes for all rows: what a control frame has, without some for what comes before them. */
  private static final int ROOM = (64 << 10) - 1_024;

  private static final int TABLES = 4;

  /** The most that a row takes besides its own bytes: what it is, and its length. */
  private static final int ROW_HEADER = 4;

  /** Characters of a name or of a class. */
  private static final int MAX_TEXT = 256;

  private Statuses() {}

  /** Rows that fit, and how many do not. */
  private record Fitting<T>(List<T> rows, long more, int size) {}

  /** As much as fits into a control frame: what a table does not need of its share, the next ones have. */
  static Inspected toWire(long request, NodeStatus status) {
    int left = ROOM;
    var connections =
        fitting(status.connections(), Statuses::row, ConnectionRow::getSerializedSize, left / TABLES);
    left -= connections.size();
    var names = fitting(status.names(), Statuses::row, NameRow::getSerializedSize, left / (TABLES - 1));
    left -= names.size();
    var places =
        fitting(status.places(), Statuses::row, PlaceRow::getSerializedSize, left / (TABLES - 2));
    left -= places.size();
    var channels = fitting(status.channels(), Statuses::row, ChannelRow::getSerializedSize, left);
    return Inspected.newBuilder()
        .setRequest(request)
        .setNode(status.node())
        .setProcessId(status.processId())
        .setUptimeMillis(status.uptime().toMillis())
        .addAllPlaces(places.rows())
        .setMorePlaces(places.more())
        .addAllNames(names.rows())
        .setMoreNames(names.more())
        .addAllChannels(channels.rows())
        .setMoreChannels(channels.more())
        .addAllConnections(connections.rows())
        .setMoreConnections(connections.more())
        .build();
  }

  private static <T, R> Fitting<R> fitting(
      Table<T> table, Function<T, R> row, ToIntFunction<R> size, int room) {
    List<R> rows = new ArrayList<>();
    int used = 0;
    for (T each : table.rows()) {
      R made = row.apply(each);
      int more = size.applyAsInt(made) + ROW_HEADER;
      if (used + more > room) {
        break;
      }
      used += more;
      rows.add(made);
    }
    return new Fitting<>(rows, table.more() + table.rows().size() - rows.size(), used);
  }

  private static PlaceRow row(PlaceStatus place) {
    return PlaceRow.newBuilder()
        .setPlace(cut(place.place()))
        .setBody(cut(place.body()))
        .setIsolation(RemoteNode.isolation(place.isolation()))
        .setUptimeMillis(place.uptime().toMillis())
        .build();
  }

  private static NameRow row(NameStatus name) {
    return NameRow.newBuilder()
        .setName(cut(name.name()))
        .setEpoch(name.epoch())
        .setClients(name.clients())
        .setWaiting(name.waiting())
        .build();
  }

  private static ChannelRow row(ChannelStatus channel) {
    return ChannelRow.newBuilder()
        .setTo(cut(channel.to()))
        .setNode(cut(channel.node()))
        .setUnreadMessages(channel.unreadMessages())
        .setUnreadBytes(channel.unreadBytes())
        .setUnsentBytes(channel.unsentBytes())
        .build();
  }

  private static ConnectionRow row(ConnectionStatus connection) {
    return ConnectionRow.newBuilder()
        .setNode(cut(connection.node()))
        .setAddress(cut(connection.address()))
        .setOpened(connection.opened())
        .setUptimeMillis(connection.uptime().toMillis())
        .setChannels(connection.channels())
        .setUnsentBytes(connection.unsentBytes())
        .setInFlightBytes(connection.inFlightBytes())
        .setUnreadBytes(connection.unreadBytes())
        .build();
  }

  private static String cut(String text) {
    return Failures.cut(text, MAX_TEXT);
  }

  /**
   * What the peer says of itself; its texts are safe to show.
   *
   * @throws ProtocolException if it speaks of what is not known here
   */
  static NodeStatus fromWire(Inspected told) {
    return new NodeStatus(
        shown(told.getNode()),
        told.getProcessId(),
        Duration.ofMillis(told.getUptimeMillis()),
        table(told.getPlacesList(), Statuses::place, told.getMorePlaces()),
        table(told.getNamesList(), Statuses::name, told.getMoreNames()),
        table(told.getChannelsList(), Statuses::channel, told.getMoreChannels()),
        table(told.getConnectionsList(), Statuses::connection, told.getMoreConnections()));
  }

  private static <R, T> Table<T> table(List<R> rows, Function<R, T> read, long more) {
    return new Table<>(rows.stream().map(read).toList(), more);
  }

  private static PlaceStatus place(PlaceRow row) {
    return new PlaceStatus(
        shown(row.getPlace()),
        shown(row.getBody()),
        isolation(row),
        Duration.ofMillis(row.getUptimeMillis()));
  }

  private static Isolation isolation(PlaceRow row) {
    return switch (row.getIsolation()) {
      case THREAD -> Isolation.THREAD;
      case VIRTUAL -> Isolation.VIRTUAL;
      case CLASS_LOADER -> Isolation.CLASS_LOADER;
      case UNRECOGNIZED ->
          throw new ProtocolException(
              "a place there has isolation %d, which is not known here; run the same version on all nodes"
                  .formatted(row.getIsolationValue()));
    };
  }

  private static NameStatus name(NameRow row) {
    return new NameStatus(
        shown(row.getName()), row.getEpoch(), row.getClients(), row.getWaiting());
  }

  private static ChannelStatus channel(ChannelRow row) {
    return new ChannelStatus(
        shown(row.getTo()),
        shown(row.getNode()),
        row.getUnreadMessages(),
        row.getUnreadBytes(),
        row.getUnsentBytes());
  }

  private static ConnectionStatus connection(ConnectionRow row) {
    return new ConnectionStatus(
        shown(row.getNode()),
        shown(row.getAddress()),
        row.getOpened(),
        Duration.ofMillis(row.getUptimeMillis()),
        row.getChannels(),
        row.getUnsentBytes(),
        row.getInFlightBytes(),
        row.getUnreadBytes());
  }

  private static String shown(String text) {
    return PeerText.escape(text, 2 * MAX_TEXT);
  }
}
