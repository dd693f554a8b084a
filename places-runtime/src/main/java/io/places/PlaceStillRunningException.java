package io.places;

import org.jspecify.annotations.Nullable;

/**
 * A place was killed but its thread has not ended. Its channel is closed and its threads were
 * interrupted, but a JVM cannot end a thread by force; a place with a process of its own can be ended.
 */
public class PlaceStillRunningException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public PlaceStillRunningException(String message) {
    super(message);
  }

  public PlaceStillRunningException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
