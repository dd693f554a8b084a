package io.places.node;

import io.places.Clock;
import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.PutTimeoutException;
import io.places.channel.ChannelEnd;
import io.places.channel.Credit;
import io.places.channel.Mark;
import io.places.channel.PlaceChannel;
import io.places.event.EventSource;
import io.places.message.MessageContext;
import io.places.message.MessageType;
import io.places.wire.Connection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
  private static final int NUMBER_SIZE = Long.BYTES;
  private static final int GRANT_BYTES = PlaceChannel.CREDIT_BYTES / 2;

  private final Peer link;
  private final long id;
  private final long lane;
  private final Window window;
  private final Credit credit;

  private RemoteChannel(
      Peer link,
      long id,
      long lane,
      MessageType<S> sends,
      MessageType<R> receives,
      Clock clock,
      Window window,
      String peer) {
    super( // the window bounds what arrives
        sends, receives, clock, bytes -> bytes.length, Long.MAX_VALUE, Long.MAX_VALUE, peer);
    this.credit = new Credit(clock, CREDIT_MESSAGES, CREDIT_BYTES);
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

  Connection connection() {
    return link.connection();
  }

  long id() {
    return id;
  }

  long lane() {
    return lane;
  }

  /** A whole message came; called on the connection's event loop. */
  void received(int marks, byte[] message) {
    if (marks == 0) {
      window.came(message.length);
      arrive(message, Mark.PLAIN, 0);
      return;
    }
    if (message.length < NUMBER_SIZE) {
      throw new ProtocolException("a question or answer without its number on channel " + id);
    }
    long question = ByteBuffer.wrap(message).getLong();
    byte[] content = Arrays.copyOfRange(message, NUMBER_SIZE, message.length);
    if (marks == Connection.ANSWER) {
      arrive(content, Mark.ANSWER, question);
    } else {
      window.came(content.length);
      arrive(content, Mark.QUESTION, question);
    }
  }

  void grant(long messages, long bytes) {
    credit.grant(messages, bytes);
  }

  /** Sends an argument of the place at the other end, ahead of all messages. */
  <A> void putArgument(MessageType<A> type, Object argument) {
    byte[] encoded = type.encode(type.cast(argument), MessageContext.NONE);
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
    return sends().encode(message, MessageContext.NONE);
  }

  /** An answer takes no credit: somebody waits for it. */
  @Override
  protected boolean transmit(byte[] prepared, Mark mark, long question, long nanos)
      throws InterruptedException {
    if (mark != Mark.ANSWER && !credit.acquire(prepared.length, nanos)) {
      return false;
    }
    switch (mark) {
      case PLAIN -> link.connection().data(lane, id, 0, prepared);
      case QUESTION -> link.connection().data(lane, id, Connection.QUESTION, numbered(question, prepared));
      case ANSWER -> link.connection().data(lane, id, Connection.ANSWER, numbered(question, prepared));
    }
    return true;
  }

  private static byte[] numbered(long question, byte[] message) {
    return ByteBuffer.allocate(NUMBER_SIZE + message.length).putLong(question).put(message).array();
  }

  @Override
  protected EventSource<Boolean> credit() {
    return credit;
  }

  @Override
  protected void endSending(Supplier<PlacesException> reason) {
    credit.close(reason);
  }

  @Override
  protected void got(byte[] received) {
    window.got(1, received.length);
  }

  @Override
  protected R unpack(byte[] received) {
    return receives().decode(received, 0, received.length);
  }

  @Override
  protected void tellClosed(@Nullable PlacesException cause) {
    link.closeChannel(this, cause);
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
