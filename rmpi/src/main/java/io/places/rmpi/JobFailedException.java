package io.places.rmpi;

import org.jspecify.annotations.Nullable;

/** A rank has failed, and with it the job. The cause is what the rank has thrown, if it has. */
public class JobFailedException extends RmpiException {
  private static final long serialVersionUID = 1L;

  private final int rank;
  private final int exitCode;

  JobFailedException(String message, int rank, int exitCode, @Nullable Throwable cause) {
    super(message, cause);
    this.rank = rank;
    this.exitCode = exitCode;
  }

  /** The first rank that failed. */
  public int rank() {
    return rank;
  }

  /** Its exit code. */
  public int exitCode() {
    return exitCode;
  }
}
