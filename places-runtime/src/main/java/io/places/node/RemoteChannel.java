package io.places.node;

import io.places.Clock;
import io.places.MessageNotAllowedException;
import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.PutTimeoutException;
import io.places.channel.ChannelEnd;
import io.places.channel.Credit;
import io.places.channel.Mailbox;
import io.places.channel.PlaceChannel;
import io.places.message.MessageType;
import io.places.wire.Connection;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * An end whose peer lives on another node. Messages are encoded by the putting thread and decoded by the
 * getting one; between them they are bytes.
 *
 * Credit: both sides begin with the same window. What is got here is granted back in lumps of half a
 * window, so a steady sender never waits for a round trip, and a grant is rare. The window counts what
 * was received and not yet granted back; a sender that exceeds it breaks the protocol.
 */
final class RemoteChannel<S, R> extends ChannelEnd<S, R, byte[], byte[]> {
  private static final int GRANT_MESSAGES = PlaceChannel.CREDIT_MESSAGES / 2;
  private static final int GRANT_BYTES = PlaceChannel.CREDIT_BYTES / 2;

  private final Peer link;
  private final long id;
  private final long lane;
  private final Window window;

  private RemoteChannel(
      Peer link,
      long id,
      long lane,
      MessageType<S> sends,
      MessageType<R> receives,
      Clock clock,
      Window window,
      String peer) {
    super(
        sends,
        receives,
        new Credit(clock, CREDIT_MESSAGES, CREDIT_BYTES),
        new Mailbox<>(clock, window::got),
        peer);
    this.link = link;
    this.id = id;
    this.lane = lane;
    this.window = window;
  }

  /**
   * Makes an end; it is to be registered at the link by {@code id}.
   *
   * @param lane in whose order its messages leave
   * @param peer what is at the other end, for error messages
   */
  static <S, R> RemoteChannel<S, R> open(
      Peer link,
      long id,
      long lane,
      MessageType<S> sends,
      MessageType<R> receives,
      Clock clock,
      String peer) {
    return new RemoteChannel<>(
        link, id, lane, sends, receives, clock, new Window(link.connection(), id), peer);
  }

  long id() {
    return id;
  }

  long lane() {
    return lane;
  }

  /** A whole message came; called on the connection's event loop. */
  void received(byte[] message) {
    window.came(message.length);
    deliver(message, message.length);
  }

  /** Sends an argument of the place at the other end, ahead of all messages. */
  <A> void putArgument(MessageType<A> type, Object argument) {
    byte[] encoded = bounded(type.encode(type.check(argument)), type);
    if (!putPrepared(encoded, PUT_LIMIT.toNanos())) {
      throw new PutTimeoutException(
          "%s took no argument within %s".formatted(peer(), PUT_LIMIT));
    }
  }

  /** Receives an argument for the body at this end. */
  Object getArgument(MessageType<?> type) {
    byte[] encoded = takeReceived(Long.MAX_VALUE);
    if (encoded == null) {
      throw new AssertionError("a wait without limit ended without a message");
    }
    return type.decode(encoded, 0, encoded.length);
  }

  @Override
  protected byte[] prepare(S message) {
    return bounded(sends().encode(message), sends());
  }

  @Override
  protected int weight(byte[] prepared) {
    return prepared.length;
  }

  @Override
  protected void send(byte[] prepared, int weight) {
    link.connection().data(lane, id, prepared);
  }

  @Override
  protected R unpack(byte[] received) {
    return receives().decode(received, 0, received.length);
  }

  @Override
  protected void tellClosed(@Nullable PlacesException cause) {
    link.closeChannel(this, cause);
  }

  private static byte[] bounded(byte[] encoded, MessageType<?> type) {
    if (encoded.length > Connection.MAX_MESSAGE) {
      throw new MessageNotAllowedException(
          "a %s of %d bytes cannot travel to another node: the bound is %d; send it in parts"
              .formatted(type.name(), encoded.length, Connection.MAX_MESSAGE));
    }
    return encoded;
  }

  /** What was received and not yet granted back. */
  private static final class Window {
    private final Connection connection;
    private final long channel;
    private final ReentrantLock lock = new ReentrantLock();
    private int openMessages;
    private long openBytes;
    private int gotMessages;
    private long gotBytes;

    Window(Connection connection, long channel) {
      this.connection = connection;
      this.channel = channel;
    }

    void came(int bytes) {
      lock.lock();
      try {
        if (openMessages >= CREDIT_MESSAGES || openBytes >= CREDIT_BYTES) {
          throw new ProtocolException(
              "a message without credit on channel %d, after %d messages and %d bytes"
                  .formatted(channel, openMessages, openBytes));
        }
        openMessages++;
        openBytes += bytes;
      } finally {
        lock.unlock();
      }
    }

    void got(int messages, long bytes) {
      int grantMessages;
      long grantBytes;
      lock.lock();
      try {
        gotMessages += messages;
        gotBytes += bytes;
        if (gotMessages < GRANT_MESSAGES && gotBytes < GRANT_BYTES) {
          return;
        }
        grantMessages = gotMessages;
        grantBytes = gotBytes;
        gotMessages = 0;
        gotBytes = 0;
        openMessages -= grantMessages;
        openBytes -= grantBytes;
      } finally {
        lock.unlock();
      }
      connection.credit(channel, grantMessages, grantBytes);
    }
  }
}
