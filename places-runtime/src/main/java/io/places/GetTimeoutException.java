package io.places;

import org.jspecify.annotations.Nullable;

/** No message arrived within the time given. The channel is unharmed; the message may still come. */
public class GetTimeoutException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public GetTimeoutException(String message) {
    super(message);
  }

  public GetTimeoutException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
