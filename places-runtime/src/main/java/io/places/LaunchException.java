package io.places;

import org.jspecify.annotations.Nullable;

/**
 * A node or a place could not be started. Nothing was left running. The message holds what the child
 * wrote to its standard error, or why the node refused.
 */
public class LaunchException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public LaunchException(String message) {
    super(message);
  }

  public LaunchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
