package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.message.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * An end whose peer lives in the same JVM: messages go by reference, or copied once, straight into the
 * peer's mailbox, whose room is this end's credit.
 */
public final class LocalChannel<S, R> extends ChannelEnd<S, R, S, R> {
  private @Nullable LocalChannel<R, S> other; // set once, before either end is handed out

  private LocalChannel(
      MessageType<S> sends, MessageType<R> receives, Clock clock, String peer) {
    super(sends, receives, clock, receives::weight, CREDIT_MESSAGES, CREDIT_BYTES, peer);
  }

  /**
   * Makes the two ends of a channel.
   *
   * @param second what the first end talks to, for its error messages
   * @param first what the second end talks to
   */
  public static <A, B> Pair<A, B> pair(
      MessageType<A> fromFirst,
      MessageType<B> fromSecond,
      Clock clock,
      String second,
      String first) {
    var a = new LocalChannel<>(fromFirst, fromSecond, clock, second);
    var b = new LocalChannel<>(fromSecond, fromFirst, clock, first);
    a.other = b;
    b.other = a;
    return new Pair<>(a, b);
  }

  @Override
  protected S prepare(S message) {
    return sends().copy(message);
  }

  @Override
  protected boolean transmit(S prepared, Mark mark, long question, long nanos)
      throws InterruptedException {
    return other().arrive(prepared, mark, question, nanos);
  }

  @Override
  protected EventSource<Boolean> credit() {
    return other().room();
  }

  @Override
  protected R unpack(R received) {
    return received;
  }

  @Override
  protected void tellClosed(@Nullable PlacesException cause) {
    LocalChannel<R, S> told = other();
    told.closedByPeer(() -> ChannelEnd.closedByHolder(told.peer(), cause));
  }

  private LocalChannel<R, S> other() {
    if (other == null) {
      throw new AssertionError("an end was used before its pair was made");
    }
    return other;
  }
}
