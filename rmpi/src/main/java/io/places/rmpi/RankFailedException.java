package io.places.rmpi;

import org.jspecify.annotations.Nullable;

/**
 * Another rank has failed, or died, or ended though somebody waits for it. No further operation of the job
 * succeeds.
 */
public class RankFailedException extends RmpiException {
  private static final long serialVersionUID = 1L;

  public RankFailedException(String message) {
    super(message);
  }

  public RankFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
