package io.places.channel;

import io.places.ProtocolException;
import io.places.message.MessageType;

/**
 * An end of this JVM inside a message.
 *
 * @param sends the name of the type that it sends, as its last holder knew it
 * @param receives likewise
 */
public record LiveEnd(ChannelEnd<?, ?> end, String sends, String receives)
    implements Encoded.Carried {
  @Override
  @SuppressWarnings("unchecked") // the names say so
  public <S, R> ChannelEnd<S, R> open(MessageType<S> asSending, MessageType<R> asReceiving) {
    if (!sends.equals(asSending.name()) || !receives.equals(asReceiving.name())) {
      throw new ProtocolException(
          "an end that sends %s and receives %s came where one that sends %s and receives %s is expected: the two nodes have different versions of a class"
              .formatted(sends, receives, asSending.name(), asReceiving.name()));
    }
    var opened = (ChannelEnd<S, R>) end;
    opened.takeTypes(asSending, asReceiving);
    return opened;
  }
}
