package io.places.channel;

import io.places.ChannelClosedException;
import io.places.MessageNotAllowedException;
import io.places.NodeLostException;
import io.places.ProtocolException;

/**
 * A message that was received, and the right to answer it. Safe for use by many threads.
 *
 * @param <R> the message
 * @param <S> the answer
 */
public interface Received<R, S> {
  /**
   * The message.
   *
   * @throws ProtocolException if what came is none of this end's type, as one that a newer program has sent
   *     may be; it can be answered even so
   */
  R message();

  /** Whether the sender waits for an answer. */
  boolean isQuestion();

  /**
   * Answers the question. The asker gets the first answer; it drops and counts others, as it does one that
   * comes too late.
   *
   * @throws IllegalStateException if the message is no question
   * @throws MessageNotAllowedException if the value may not travel; nothing is sent
   * @throws ChannelClosedException if the asker has closed the channel, or this end was closed or has moved
   * @throws NodeLostException if the asker's node is lost
   */
  void answer(S answer);
}
