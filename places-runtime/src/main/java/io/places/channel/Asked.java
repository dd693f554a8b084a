package io.places.channel;

import io.places.ChannelClosedException;
import io.places.GetTimeoutException;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import java.time.Duration;

/**
 * A question that was sent, and whose answer is still to come. For the thread that posed it.
 *
 * @param <R> the answer
 */
public interface Asked<R> extends AutoCloseable {

  /**
   * Waits for the answer. To be called once: an answer that comes after this has returned or thrown is
   * dropped.
   *
   * @throws GetTimeoutException if the answer did not come in time; the peer may still be at it
   * @throws ChannelClosedException if the channel was closed; whether the peer got the question is unknown
   * @throws NodeLostException if the peer's node was lost, likewise
   * @throws PlaceInterruptedException if this thread was interrupted; the peer may still be at it
   */
  R answer(Duration timeout);

  /** The answer is not wanted any more: it will be dropped. The peer is not told. */
  @Override
  void close();
}
