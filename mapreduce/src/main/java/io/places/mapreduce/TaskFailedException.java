package io.places.mapreduce;

import io.places.PlacesException;
import org.jspecify.annotations.Nullable;

/**
 * A class of the job threw an exception, which is the cause. The message names the class and the
 * record or key it worked on.
 */
public class TaskFailedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public TaskFailedException(String message) {
    super(message);
  }

  public TaskFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
