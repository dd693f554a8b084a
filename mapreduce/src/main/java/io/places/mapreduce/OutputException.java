package io.places.mapreduce;

import io.places.PlacesException;
import org.jspecify.annotations.Nullable;

/** The output of a job cannot be written where it was asked for. The message names the path. */
public class OutputException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public OutputException(String message) {
    super(message);
  }

  public OutputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
