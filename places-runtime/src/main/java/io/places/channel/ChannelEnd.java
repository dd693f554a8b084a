package io.places.channel;

import io.places.ChannelClosedException;
import io.places.GetTimeoutException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.message.MessageType;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every end of a channel does the same, wherever its peer lives: check, take credit, send; take,
 * or time out; close.
 *
 * @param <S> the type of message this end sends
 * @param <R> the type of message this end receives
 * @param <O> what goes out: a message, or its encoding
 * @param <I> what comes in: a message, or its encoding
 */
public abstract class ChannelEnd<S, R, O, I> implements PlaceChannel<S, R> {
  private final MessageType<S> sends;
  private final MessageType<R> receives;
  private final Credit credit;
  private final Mailbox<I> mailbox;
  private final String peer;

  /**
   * @param peer what is at the other end, for error messages: "place echo on node node-2"
   */
  protected ChannelEnd(
      MessageType<S> sends,
      MessageType<R> receives,
      Credit credit,
      Mailbox<I> mailbox,
      String peer) {
    this.sends = sends;
    this.receives = receives;
    this.credit = credit;
    this.mailbox = mailbox;
    this.peer = peer;
  }

  /** What goes out for a message that may travel: a copy if need be, or the encoding. */
  protected abstract O prepare(S message);

  /** What it counts against the byte credit. */
  protected abstract int weight(O prepared);

  /** Hands it to the peer; called with credit taken. */
  protected abstract void send(O prepared, int weight);

  /** The message that came in. */
  protected abstract R unpack(I received);

  /**
   * Tells the peer that this end is closed.
   *
   * @param cause why, for the peer's holder; null if somebody closed it on purpose
   */
  protected abstract void tellClosed(@Nullable PlacesException cause);

  @Override
  public final void put(S message, Duration timeout) {
    if (!put(message, Timeouts.nanos(timeout))) {
      throw new PutTimeoutException(
          "%s granted no credit within %s: it does not read, or reads too slowly; nothing was sent"
              .formatted(peer, timeout));
    }
  }

  @Override
  public final boolean offer(S message) {
    return put(message, 0);
  }

  private boolean put(S message, long nanos) {
    return putPrepared(prepare(sends.check(message)), nanos);
  }

  /**
   * Sends what is prepared already.
   *
   * @return false if there was no credit within {@code nanos}
   */
  protected final boolean putPrepared(O prepared, long nanos) {
    int weight = weight(prepared);
    try {
      if (!credit.acquire(weight, nanos)) {
        return false;
      }
    } catch (InterruptedException e) {
      throw interrupted("waiting for credit from ", e);
    }
    send(prepared, weight);
    return true;
  }

  @Override
  public final R get() {
    R message = getWithin(Long.MAX_VALUE);
    if (message == null) {
      throw new AssertionError("a wait without limit ended without a message");
    }
    return message;
  }

  @Override
  public final R get(Duration timeout) {
    R message = getWithin(Timeouts.nanos(timeout));
    if (message == null) {
      throw new GetTimeoutException("no message came from %s within %s".formatted(peer, timeout));
    }
    return message;
  }

  private @Nullable R getWithin(long nanos) {
    I received = takeReceived(nanos);
    return received == null ? null : unpack(received);
  }

  /**
   * Takes what came in, as it came.
   *
   * @return null if nothing came within {@code nanos}
   */
  protected final @Nullable I takeReceived(long nanos) {
    try {
      return mailbox.take(nanos);
    } catch (InterruptedException e) {
      throw interrupted("waiting for a message from ", e);
    }
  }

  @Override
  public final Optional<R> poll() {
    I received = mailbox.poll();
    return received == null ? Optional.empty() : Optional.of(unpack(received));
  }

  @Override
  public final void close() {
    close(null);
  }

  /**
   * Closes the channel, telling the peer's holder why.
   *
   * @param cause null if it is closed on purpose
   */
  public final void close(@Nullable PlacesException cause) {
    Supplier<PlacesException> reason =
        () -> new ChannelClosedException("this end of the channel to " + peer + " was closed", cause);
    credit.close(reason);
    mailbox.discard(reason);
    tellClosed(cause);
  }

  /** Ends this end because of what happened at the peer: what came before is still got. */
  public final void closedByPeer(Supplier<PlacesException> reason) {
    credit.close(reason);
    mailbox.close(reason);
  }

  /** The peer has got messages: as much may be sent again. */
  public final void grant(long messages, long bytes) {
    credit.grant(messages, bytes);
  }

  /** A message arrived. */
  protected final void deliver(I received, int weight) {
    mailbox.deliver(received, weight);
  }

  protected final MessageType<S> sends() {
    return sends;
  }

  protected final MessageType<R> receives() {
    return receives;
  }

  protected final String peer() {
    return peer;
  }

  private PlaceInterruptedException interrupted(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new PlaceInterruptedException("interrupted while " + what + peer, cause);
  }

  @Override
  public String toString() {
    return "channel to " + peer;
  }
}
