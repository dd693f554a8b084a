package io.places.node;

import io.places.ProtocolException;
import io.places.channel.PlaceChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Both sides begin with the same window. What is got here is granted back in lumps of half a window, so a
 * steady sender never waits for a round trip, and a grant is rare. `open` is what came and was not yet
 * granted back; a sender that exceeds it breaks the protocol.
 *
 * Who counts what comes and who counts what is got have a lock each: with one for both, two threads would
 * meet there twice for every message. Who needs both takes `getting` first.
 *
 * The window belongs to the end, not to the link: what came by one link may be got when the end has
 * another. The new link's sender begins with what the messages that lie here leave of it, which may be
 * nothing. It is told that while the end is in use already, so what is got meanwhile is granted as soon as
 * the link can carry it: no later message need come.
 */
/** What an end received from other nodes and has not yet granted back. Safe for use by many threads. */
final class Window {
  /** Room for messages and bytes; may be negative, since the last message may overdraw. */
  record Room(long messages, long bytes) {
    static final Room FULL = new Room(PlaceChannel.CREDIT_MESSAGES, PlaceChannel.CREDIT_BYTES);
  }

  private static final int GRANT_MESSAGES = PlaceChannel.CREDIT_MESSAGES / 2;
  private static final int GRANT_BYTES = PlaceChannel.CREDIT_BYTES / 2;

  private final Object coming = new Object();
  private final Object getting = new Object();
  private long openMessages; // guarded by coming
  private long openBytes; // guarded by coming
  private long gotMessages; // guarded by getting
  private long gotBytes; // guarded by getting
  private @Nullable Consumer<Room> sender; // guarded by getting; null while there is none who would hear it

  /**
   * A message came that needed credit.
   *
   * @throws ProtocolException if there was none
   */
  void came(long channel, int bytes) {
    synchronized (coming) {
      if (openMessages >= PlaceChannel.CREDIT_MESSAGES || openBytes >= PlaceChannel.CREDIT_BYTES) {
        throw new ProtocolException(
            "a message without credit on channel %d, after %d messages and %d bytes"
                .formatted(channel, openMessages, openBytes));
      }
      add(bytes);
    }
  }

  /** A message came along with the end; those have needed credit where it was before. */
  void cameAlong(int bytes) {
    synchronized (coming) {
      add(bytes);
    }
  }

  /** Called with the lock for coming. */
  private void add(int bytes) {
    openMessages++;
    openBytes += bytes;
  }

  /** A message was got; whoever sends is granted as much again, now or with others. */
  void got(int bytes) {
    synchronized (getting) {
      gotMessages++;
      gotBytes += bytes;
      if (gotMessages >= GRANT_MESSAGES || gotBytes >= GRANT_BYTES) {
        grant();
      }
    }
  }

  /** Who sends from now on, and can be told: it is granted what was got since {@link #left}. */
  void grantsTo(Consumer<Room> next) {
    synchronized (getting) {
      sender = next;
      grant();
    }
  }

  /** Called with the lock for getting. */
  private void grant() {
    if (sender != null) {
      Room room = give();
      if (room.messages() > 0 || room.bytes() > 0) {
        sender.accept(room);
      }
    }
  }

  /** Called with the lock for getting. */
  private Room give() {
    synchronized (coming) {
      var grant = new Room(Math.min(gotMessages, openMessages), Math.min(gotBytes, openBytes));
      openMessages -= grant.messages();
      openBytes -= grant.bytes();
      gotMessages = 0;
      gotBytes = 0;
      return grant;
    }
  }

  /** What a new sender may send at once; nobody is granted more before {@link #grantsTo}. */
  Room left() {
    synchronized (getting) {
      sender = null;
      give();
      synchronized (coming) {
        return new Room(
            PlaceChannel.CREDIT_MESSAGES - openMessages, PlaceChannel.CREDIT_BYTES - openBytes);
      }
    }
  }
}
