package io.places.place;

import io.places.PlaceFailedException;
import org.jspecify.annotations.Nullable;

/**
 * How a place ended.
 *
 * @param failure what the body threw; null if it did not
 */
public record PlaceEnd(
    PlaceDeath.Reason reason, int exitCode, @Nullable PlaceFailedException failure) {
  private static final int FAILED = 1;
  private static final PlaceEnd SUCCESS = new PlaceEnd(PlaceDeath.Reason.EXIT, 0, null);

  public PlaceEnd {
    if (exitCode < 0 || exitCode > 255) {
      throw new IllegalArgumentException("an exit code is 0 to 255, not " + exitCode);
    }
  }

  static PlaceEnd exit(int code) {
    return code == 0 ? SUCCESS : new PlaceEnd(PlaceDeath.Reason.EXIT, code, null);
  }

  static PlaceEnd exception(PlaceFailedException failure) {
    return new PlaceEnd(PlaceDeath.Reason.EXCEPTION, FAILED, failure);
  }

  /** The end of a place that was killed before it had an exit code. */
  public static PlaceEnd killed() {
    return new PlaceEnd(PlaceDeath.Reason.KILLED, FAILED, null);
  }

  /** Whether nothing went wrong. */
  boolean isOrderly() {
    return reason == PlaceDeath.Reason.EXIT && exitCode == 0;
  }

  /** As a clause: "has ended with exit code 0", "was killed". */
  String clause() {
    return reason == PlaceDeath.Reason.KILLED
        ? "was killed"
        : "has ended with exit code " + exitCode;
  }
}
