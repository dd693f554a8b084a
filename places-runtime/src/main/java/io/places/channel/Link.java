package io.places.channel;

import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.message.MessageType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way from an end to the other end of its channel. An end has one at a time; it gets another when one
 * of the two ends moves between nodes.
 *
 * <p>Safe for use by many threads.
 */
public interface Link {

  /** What became of a message. */
  enum Outcome {
    SENT,
    /** The other end granted no credit in time; nothing was sent. */
    NO_CREDIT,
    /** Nothing goes this way any more; the end has another link, or will have. Nothing was sent. */
    REPLACED
  }

  /** What goes out for a message: a copy if need be, or an {@link Encoded}. */
  <T> Object prepare(MessageType<T> type, T message);

  /**
   * Hands a message to the other end; waits for credit up to {@code nanos}. An answer takes no credit.
   *
   * @param prepared what {@link #prepare} made, of this link or of one before
   * @param question the number of the question that this is, or answers
   * @throws PlacesException if the other end is over
   */
  <T> Outcome send(MessageType<T> type, Object prepared, Mark mark, long question, long nanos)
      throws InterruptedException;

  /** When {@link #send} would not wait. */
  EventSource<Boolean> credit();

  /** A message that came encoded was got. */
  void got(int bytes);

  /** The end is over: whoever waits for credit fails with the reason. */
  void end(Supplier<PlacesException> reason);

  /**
   * The end's holder has closed it: the other end is told.
   *
   * @param cause why; null if somebody closed it on purpose
   */
  void close(@Nullable PlacesException cause);

  /** The end has another link now: whoever waits for credit here looks there. */
  void replaced();
}
