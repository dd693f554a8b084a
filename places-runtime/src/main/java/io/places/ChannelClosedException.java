package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The other end of the channel is closed: by its holder, because its place ended, or because this end
 * was closed here. Messages put before the close were got first. Nothing more can be put or got; the
 * cause, where there is one, is what ended the place.
 */
public class ChannelClosedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public ChannelClosedException(String message) {
    super(message);
  }

  public ChannelClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
