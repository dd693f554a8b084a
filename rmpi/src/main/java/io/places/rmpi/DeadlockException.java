package io.places.rmpi;

import org.jspecify.annotations.Nullable;

/**
 * Ranks wait for each other, so that none of them can go on. The message says who waits for what, since
 * when, and where.
 */
public class DeadlockException extends RmpiException {
  private static final long serialVersionUID = 1L;

  public DeadlockException(String message) {
    super(message);
  }

  public DeadlockException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
