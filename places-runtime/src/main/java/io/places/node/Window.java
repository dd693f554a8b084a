package io.places.node;

import io.places.ProtocolException;
import io.places.channel.PlaceChannel;
import java.util.concurrent.locks.ReentrantLock;

/*
 * Both sides begin with the same window. What is got here is granted back in lumps of half a window, so a
 * steady sender never waits for a round trip, and a grant is rare. `open` is what came and was not yet
 * granted back; a sender that exceeds it breaks the protocol.
 *
 * The window belongs to the end, not to the link: what came by one link may be got when the end has
 * another. The new link's sender then begins with what the messages that still lie here leave of it.
 */
/** What an end received from other nodes and has not yet granted back. Safe for use by many threads. */
final class Window {
  /** Room for messages and bytes; may be negative, since the last message may overdraw. */
  record Room(long messages, long bytes) {
    static final Room FULL = new Room(PlaceChannel.CREDIT_MESSAGES, PlaceChannel.CREDIT_BYTES);
  }

  private static final int GRANT_MESSAGES = PlaceChannel.CREDIT_MESSAGES / 2;
  private static final int GRANT_BYTES = PlaceChannel.CREDIT_BYTES / 2;

  private final ReentrantLock lock = new ReentrantLock();
  private long openMessages;
  private long openBytes;
  private long gotMessages;
  private long gotBytes;

  /**
   * A message came that needed credit.
   *
   * @throws ProtocolException if there was none
   */
  void came(long channel, int bytes) {
    lock.lock();
    try {
      if (openMessages >= PlaceChannel.CREDIT_MESSAGES || openBytes >= PlaceChannel.CREDIT_BYTES) {
        throw new ProtocolException(
            "a message without credit on channel %d, after %d messages and %d bytes"
                .formatted(channel, openMessages, openBytes));
      }
      add(bytes);
    } finally {
      lock.unlock();
    }
  }

  /** A message came along with the end; those have needed credit where it was before. */
  void cameAlong(int bytes) {
    lock.lock();
    try {
      add(bytes);
    } finally {
      lock.unlock();
    }
  }

  private void add(int bytes) {
    openMessages++;
    openBytes += bytes;
  }

  /**
   * A message was got.
   *
   * @return what is to be granted to the sender; nothing most times
   */
  Room got(int bytes) {
    lock.lock();
    try {
      gotMessages++;
      gotBytes += bytes;
      return gotMessages < GRANT_MESSAGES && gotBytes < GRANT_BYTES ? new Room(0, 0) : give();
    } finally {
      lock.unlock();
    }
  }

  /** A message was got while there is nobody to grant anything to. */
  void gotUnseen(int bytes) {
    lock.lock();
    try {
      gotMessages++;
      gotBytes += bytes;
    } finally {
      lock.unlock();
    }
  }

  private Room give() {
    var grant = new Room(Math.min(gotMessages, openMessages), Math.min(gotBytes, openBytes));
    openMessages -= grant.messages();
    openBytes -= grant.bytes();
    gotMessages = 0;
    gotBytes = 0;
    return grant;
  }

  /** What a new sender may send at once. */
  Room left() {
    lock.lock();
    try {
      give();
      return new Room(
          PlaceChannel.CREDIT_MESSAGES - openMessages, PlaceChannel.CREDIT_BYTES - openBytes);
    } finally {
      lock.unlock();
    }
  }
}
