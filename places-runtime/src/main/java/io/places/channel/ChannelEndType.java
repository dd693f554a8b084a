package io.places.channel;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import io.places.message.MessageType;

/**
 * The type of a message that is itself an end of a channel. An end goes from place to place within one
 * JVM, by reference.
 *
 * @param <S> what the end sends
 * @param <R> what the end receives
 */
public final class ChannelEndType<S, R> extends MessageType<PlaceChannel<S, R>> {
  private final MessageType<S> sends;
  private final MessageType<R> receives;

  @SuppressWarnings("unchecked") // a class object knows no type arguments; this type object does
  public ChannelEndType(MessageType<S> sends, MessageType<R> receives) {
    super((Class<PlaceChannel<S, R>>) (Class<?>) PlaceChannel.class);
    this.sends = sends;
    this.receives = receives;
  }

  /** What the end sends. */
  public MessageType<S> sends() {
    return sends;
  }

  /** What the end receives. */
  public MessageType<R> receives() {
    return receives;
  }

  @Override
  public String name() {
    return "%s<%s, %s>".formatted(PlaceChannel.class.getName(), sends.name(), receives.name());
  }

  @Override
  public byte[] encode(PlaceChannel<S, R> message) {
    throw new MessageNotAllowedException(
        "the end of a channel cannot travel to another node; start a named place there and open a"
            + " channel to it");
  }

  @Override
  public PlaceChannel<S, R> decode(byte[] bytes, int offset, int length) {
    throw new ProtocolException("the peer sent the end of a channel, which cannot travel");
  }
}
