package io.places.channel;

import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.message.MessageType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to an end in the same JVM: messages go by reference, or copied once, straight into its mailbox,
 * whose room is the credit. If the two sides have classes of their own, so that no object of one fits the
 * other, messages cross as their encoding.
 */
public record LocalLink(ChannelEnd<?, ?> to) implements Link {
  @Override
  public <T> Object prepare(MessageType<T> type, T message) {
    return to.receives(type) ? Lending.copy(type, message) : Encoded.inThisJvm(type, message);
  }

  @Override
  public <T> Outcome send(
      MessageType<T> type, Object prepared, Mark mark, long question, long nanos)
      throws InterruptedException {
    Object fitting = prepared;
    if (!(prepared instanceof Encoded) && !to.receives(type)) {
      // It was prepared for another link.
      fitting = Encoded.inThisJvm(type, type.cast(Lending.message(prepared)));
    }
    try {
      return to.arrive(fitting, mark, question, nanos) ? Outcome.SENT : Outcome.NO_CREDIT;
    } catch (MovedException e) {
      return Outcome.REPLACED;
    }
  }

  @Override
  public EventSource<Boolean> credit() {
    return to.room();
  }

  @Override
  public void got(int bytes) {
    // The mailbox has counted it.
  }

  @Override
  public void end(Supplier<PlacesException> reason) {
    // Who waits for room in the other mailbox is told by its close.
  }

  @Override
  public void close(@Nullable PlacesException cause) {
    to.closedByPeer(() -> ChannelEnd.closedByHolder(to.peer(), cause));
  }

  @Override
  public void replaced() {
    // The other end's mailbox is closed when that end moves.
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other; // an end that comes back has another link, though to the same end
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "local link to " + to;
  }
}
