package io.places.channel;

import io.places.message.MessageType;
import io.places.message.ReferenceType;
import io.places.message.ReferenceTypes;
import java.util.List;

/**
 * The type of a message that is itself an end of a channel: goes by reference within one JVM, and moves
 * to another node.
 *
 * @param <S> what the end sends
 * @param <R> what the end receives
 */
public final class ChannelEndType<S, R> extends ReferenceType<PlaceChannel<S, R>> {
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

  /** Makes the types of ends wherever a message holds them. */
  static final class Maker implements ReferenceTypes {
    @Override
    public ReferenceType<?> of(List<MessageType<?>> arguments) {
      return new ChannelEndType<>(arguments.get(0), arguments.get(1));
    }
  }
}
