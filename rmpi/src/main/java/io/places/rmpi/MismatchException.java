package io.places.rmpi;

import org.jspecify.annotations.Nullable;

/**
 * A message that came is of another type than the receive that matched it, or has more elements than that
 * has room for. It is dropped; the communicator can be used further.
 */
public class MismatchException extends RmpiException {
  private static final long serialVersionUID = 1L;

  public MismatchException(String message) {
    super(message);
  }

  public MismatchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
