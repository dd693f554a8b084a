package io.places.rmpi;

import io.places.PlacesException;
import org.jspecify.annotations.Nullable;

/** Something about the ranks of a job went wrong; the root of RMPI's own exceptions. */
public class RmpiException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public RmpiException(String message) {
    super(message);
  }

  public RmpiException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
