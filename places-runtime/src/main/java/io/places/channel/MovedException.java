package io.places.channel;

import io.places.ChannelClosedException;

/** The end is no longer here: to its holders it is closed, to its peer it has another place. */
public final class MovedException extends ChannelClosedException {
  private static final long serialVersionUID = 1L;

  public MovedException(String message) {
    super(message);
  }
}
