package io.places.mapreduce;

import io.places.PlacesException;
import org.jspecify.annotations.Nullable;

/**
 * The input of a job is missing, unreadable, damaged, or has changed since the job began. Trying
 * again helps only after the input has been put right. The message names the file, and the zip
 * entry if there is one.
 */
public class InputException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
