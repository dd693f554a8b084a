package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The peer broke the protocol: wrong version, wrong secret, a frame out of bounds or out of sequence,
 * bytes that are no message of the channel's type. Usually two versions of a program talk to each
 * other; trying again does not help.
 */
public class ProtocolException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }

  public ProtocolException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
