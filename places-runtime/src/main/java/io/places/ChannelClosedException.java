package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The channel is closed: by the holder of the other end, because the place there ended, or because this
 * end was closed here. Messages put before the close were got first. Nothing more can be put or got; the
 * cause, where there is one, is what ended the place.
 */
public class ChannelClosedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final boolean orderly;

  public ChannelClosedException(String message) {
    this(message, null);
  }

  public ChannelClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.orderly = false;
  }

  private ChannelClosedException(String message, boolean orderly) {
    super(message, null);
    this.orderly = orderly;
  }

  /** The other side has ended the conversation, and nothing went wrong. */
  public static ChannelClosedException inOrder(String message) {
    return new ChannelClosedException(message, true);
  }

  /**
   * Whether the other side ended the conversation and nothing went wrong: the holder of the other end
   * closed it, or the place there ended with exit code 0.
   */
  public boolean isOrderly() {
    return orderly;
  }
}
