package io.places.place;

import io.places.PlaceFailedException;
import org.jspecify.annotations.Nullable;

/**
 * How a place ended.
 *
 * @param failure what the body threw; null if it did not
 */
public record PlaceEnd(int exitCode, @Nullable PlaceFailedException failure) {
  public PlaceEnd {
    if (exitCode < 0 || exitCode > 255) {
      throw new IllegalArgumentException("an exit code is 0 to 255, not " + exitCode);
    }
  }
}
