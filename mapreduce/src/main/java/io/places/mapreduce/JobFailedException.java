package io.places.mapreduce;

import io.places.PlacesException;
import org.jspecify.annotations.Nullable;

/**
 * A job failed; nothing of its output is left. The message names the task, the node and what went wrong
 * there.
 */
public class JobFailedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public JobFailedException(String message) {
    super(message);
  }

  public JobFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
