package io.places.node;

import io.places.place.Isolation;
import java.time.Duration;
import java.util.List;

/**
 * What a node does: a picture put together while the node worked on, so what changed meanwhile may be there
 * twice or not at all. Looking stops nothing and takes no message away.
 *
 * @param node its name
 * @param uptime since its start
 * @param places those that run there, oldest first
 * @param names those that can be found by name, in the order of their characters
 * @param channels the ends of channels that places and their creators have there, those with the most
 *     unread and unsent bytes first; neither an end that is moving nor one that was only passed on by
 *     {@code PlaceChannel.pair}
 * @param connections to other nodes, oldest first; that of whoever asks is among them
 */
public record NodeStatus(
    String node,
    long processId,
    Duration uptime,
    Table<PlaceStatus> places,
    Table<NameStatus> names,
    Table<ChannelStatus> channels,
    Table<ConnectionStatus> connections) {

  /**
   * Some rows, and how many there were besides. A node tells of itself completely; another node tells as
   * much as fits into one answer of 64 KiB, at least 15 KiB of each table that is so long.
   *
   * @param more how many rows were left off
   */
  public record Table<T>(List<T> rows, long more) {
    public Table {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A place that runs.
   *
   * @param place its name, or what the node calls it
   * @param body the class and method that runs
   */
  public record PlaceStatus(String place, String body, Isolation isolation, Duration uptime) {}

  /**
   * A place that others find by its name.
   *
   * @param epoch differs for each of the places that have had the name
   * @param clients channels to it that are open
   * @param waiting clients that it has not taken in yet
   */
  public record NameStatus(String name, long epoch, long clients, long waiting) {}

  /**
   * An end of a channel.
   *
   * @param to what is at the other end, as errors name it
   * @param node where the other end is
   * @param unreadMessages came here and were not got yet
   * @param unreadBytes theirs; a message that came by reference counts with an estimate
   * @param unsentBytes put here for another node, and not yet on their way
   */
  public record ChannelStatus(
      String to, String node, long unreadMessages, long unreadBytes, long unsentBytes) {}

  /**
   * A connection to another node.
   *
   * @param node its name; its address until it has said that
   * @param address where its side of the connection is
   * @param opened whether this node has opened it, not the other
   * @param channels of this connection that are open; a place takes two
   * @param unsentBytes put here and not yet on their way, of all channels, and of what the nodes themselves
   *     say
   * @param inFlightBytes given to the system and not confirmed by it
   * @param unreadBytes came here and were not got yet, with 64 more for each message
   */
  public record ConnectionStatus(
      String node,
      String address,
      boolean opened,
      Duration uptime,
      long channels,
      long unsentBytes,
      long inFlightBytes,
      long unreadBytes) {}
}
