package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The peer granted no credit within the time given: it reads more slowly than this end writes, or not
 * at all. The message was not sent; the channel is unharmed.
 */
public class PutTimeoutException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public PutTimeoutException(String message) {
    super(message);
  }

  public PutTimeoutException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
