package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.message.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * An end whose peer lives in the same JVM but has classes of its own, so that no object of one side fits
 * the other: messages cross as their encoding.
 */
public final class EncodedChannel<S, R>
    extends ChannelEnd<S, R, EncodedChannel.Encoded, EncodedChannel.Encoded> {

  /** A message as it crosses: its bytes, and what they refer to. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Encoded(byte[] bytes, Attachments attached) {}

  private @Nullable EncodedChannel<?, ?> other; // set once, before either end is handed out

  private EncodedChannel(
      MessageType<S> sends, MessageType<R> receives, Clock clock, String peer) {
    super(
        sends,
        receives,
        clock,
        encoded -> encoded.bytes().length,
        CREDIT_MESSAGES,
        CREDIT_BYTES,
        peer);
  }

  /**
   * The two ends of one channel.
   *
   * @param first sends what {@code second} receives, each by its own class
   */
  public record Ends<A, B, C, D>(EncodedChannel<A, B> first, EncodedChannel<C, D> second) {}

  /**
   * Makes the two ends of a channel.
   *
   * @param secondName what the first end talks to, for its error messages
   * @param firstName what the second end talks to
   */
  public static <A, B, C, D> Ends<A, B, C, D> pair(
      MessageType<A> firstSends,
      MessageType<B> firstReceives,
      MessageType<C> secondSends,
      MessageType<D> secondReceives,
      Clock clock,
      String secondName,
      String firstName) {
    var first = new EncodedChannel<>(firstSends, firstReceives, clock, secondName);
    var second = new EncodedChannel<>(secondSends, secondReceives, clock, firstName);
    first.other = second;
    second.other = first;
    return new Ends<>(first, second);
  }

  @Override
  protected Encoded prepare(S message) {
    var attached = new Attachments();
    return new Encoded(sends().encode(message, attached), attached);
  }

  @Override
  protected boolean transmit(Encoded prepared, Mark mark, long question, long nanos)
      throws InterruptedException {
    return other().arrive(prepared, mark, question, nanos);
  }

  @Override
  protected EventSource<Boolean> credit() {
    return other().room();
  }

  @Override
  protected R unpack(Encoded received) {
    byte[] bytes = received.bytes();
    return receives().decode(bytes, 0, bytes.length, received.attached());
  }

  @Override
  protected void tellClosed(@Nullable PlacesException cause) {
    EncodedChannel<?, ?> told = other();
    told.closedByPeer(() -> ChannelEnd.closedByHolder(told.peer(), cause));
  }

  private EncodedChannel<?, ?> other() {
    if (other == null) {
      throw new AssertionError("an end was used before its pair was made");
    }
    return other;
  }
}
