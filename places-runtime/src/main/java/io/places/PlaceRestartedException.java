package io.places;

/**
 * A supervised place was started anew since this end was used last: what it knew is lost, and so is what
 * was put and not yet got. Thrown once for each new epoch, before anything reaches the new life; the next
 * call does. Rebuild what the place must know, then go on.
 */
public class PlaceRestartedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final long epoch;

  public PlaceRestartedException(String message, long epoch) {
    super(message);
    this.epoch = epoch;
  }

  /** The number of the life that the next call reaches: 1 for the first. */
  public long epoch() {
    return epoch;
  }
}
