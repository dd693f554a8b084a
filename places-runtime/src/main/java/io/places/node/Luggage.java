package io.places.node;

import io.places.PlacesException;
import io.places.channel.ChannelEnd;
import io.places.channel.Encoded;
import io.places.message.MessageType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An end that has left its place and is on its way to another: no thread uses it.
 *
 * @param sends the name of its type
 * @param unread what came for it and was not got
 * @param other where the other end awaits it
 */
record Luggage(
    String sends, String receives, long lastQuestion, List<Unread> unread, Other other)
    implements Encoded.Carried {

  /**
   * A message on its way.
   *
   * @param question its number; 0 if it is a plain message
   */
  record Unread(long question, Encoded content) {}

  /** Where the other end is. */
  sealed interface Other {}

  /**
   * At a node.
   *
   * @param through the connection to it; null if it is this node
   */
  record At(NodeAt node, long ticket, @Nullable Peer through) implements Other {}

  /** In the same message, at an earlier position. */
  record InSameMessage(int position) implements Other {}

  /** The channel is over. */
  record Over(Supplier<PlacesException> reason) implements Other {}

  @Override
  public <S, R> ChannelEnd<S, R> open(MessageType<S> sent, MessageType<R> received) {
    throw new AssertionError("an end on its way was opened before it arrived");
  }
}
