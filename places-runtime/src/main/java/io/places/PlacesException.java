package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that goes wrong in places. Its children are split by what the caller can do
 * next; every message says what failed, where (node, place, channel), the value and its bound where
 * there is one, and what to do.
 */
public class PlacesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PlacesException(String message) {
    super(message);
  }

  public PlacesException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
