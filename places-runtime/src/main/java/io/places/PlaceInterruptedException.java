package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited. The thread's interrupt flag is set again when this is
 * thrown; nothing was got and nothing was put.
 */
public class PlaceInterruptedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public PlaceInterruptedException(String message) {
    super(message);
  }

  public PlaceInterruptedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
