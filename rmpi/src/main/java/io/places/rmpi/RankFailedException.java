package io.places.rmpi;

import org.jspecify.annotations.Nullable;

/**
 * Another rank has failed, or died, or ended though somebody waits for it. No further operation of the job
 * succeeds.
 */
public class RankFailedException extends RmpiException {
  private static final long serialVersionUID = 1L;

  private final boolean isOfEnd;

  public RankFailedException(String message) {
    this(message, null);
  }

  public RankFailedException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  private RankFailedException(String message, @Nullable Throwable cause, boolean isOfEnd) {
    super(message, cause);
    this.isOfEnd = isOfEnd;
  }

  /** A rank has ended in order, and with it what another waits for. */
  static RankFailedException ofEnd(String message) {
    return new RankFailedException(message, null, true);
  }

  /** The same for who is in a call, which is named if a rank that has ended is the reason. */
  RankFailedException in(String call) {
    return isOfEnd ? new RankFailedException("%s: %s".formatted(getMessage(), call)) : this;
  }
}
