package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The value may not travel between places. Thrown by the sender, before anything is sent: channel and
 * place go on. The message names the offending value's type, and where in the message it sits.
 */
public class MessageNotAllowedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public MessageNotAllowedException(String message) {
    super(message);
  }

  public MessageNotAllowedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
