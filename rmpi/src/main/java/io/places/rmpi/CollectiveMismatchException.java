package io.places.rmpi;

import org.jspecify.annotations.Nullable;

/**
 * The ranks of a communicator do not call the same collective operations in the same order, or with
 * parameters that do not fit. No further operation of the job succeeds.
 */
public class CollectiveMismatchException extends RmpiException {
  static final String RULE =
      "all ranks of a communicator call the same collective operations, in the same order, with parameters that fit";

  private static final long serialVersionUID = 1L;

  public CollectiveMismatchException(String message) {
    super(message);
  }

  public CollectiveMismatchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
