package io.places.node;

import io.places.Clock;
import io.places.PlacesException;
import io.places.channel.Credit;
import io.places.channel.Lending;
import io.places.channel.Link;
import io.places.channel.Mark;
import io.places.channel.MovedException;
import io.places.event.EventSource;
import io.places.message.MessageType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The link of an end that has no way to its peer just now, because one of the two moves. Nothing is sent;
 * who wants to waits for the next link.
 */
final class Limbo implements Link {
  private final Window window;
  private final @Nullable RemoteLink before;
  private final Credit credit;
  private volatile long ticket;

  /**
   * @param window of the end
   * @param before the link by which the peer may still say that it is over; null if there is none
   */
  Limbo(Clock clock, Window window, @Nullable RemoteLink before) {
    this.window = window;
    this.before = before;
    this.credit = new Credit(clock, 0, 0);
  }

  Window window() {
    return window;
  }

  @Nullable RemoteLink before() {
    return before;
  }

  /** Under which the peer's new place is awaited here; 0 if it is not. */
  long ticket() {
    return ticket;
  }

  void awaited(long under) {
    ticket = under;
  }

  @Override
  public <T> Object prepare(MessageType<T> type, T message) {
    return Lending.copy(type, message); // encoded, if need be, by the link that takes it
  }

  @Override
  public <T> Outcome send(
      MessageType<T> type, Object prepared, Mark mark, long question, long nanos) {
    return nanos > 0 ? Outcome.REPLACED : Outcome.NO_CREDIT;
  }

  @Override
  public EventSource<Boolean> credit() {
    return credit;
  }

  @Override
  public void got(int bytes) {
    window.got(bytes);
  }

  @Override
  public void end(Supplier<PlacesException> reason) {
    credit.close(reason);
  }

  @Override
  public void close(@Nullable PlacesException cause) {
    // The next link tells it.
  }

  @Override
  public void replaced() {
    credit.close(() -> new MovedException("there is another way now"));
  }
}
