package io.places.supervise;

import io.places.PlacesException;

/** What was supervised has ended too often and is not started anew any more. */
public class GaveUpException extends PlacesException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // not meant to be serialized: nothing here is
  private final GaveUp gaveUp;

  public GaveUpException(GaveUp gaveUp) {
    super(gaveUp.message(), gaveUp.last().cause());
    this.gaveUp = gaveUp;
  }

  /** What was tried, how often, and how it ended each time. */
  public GaveUp gaveUp() {
    return gaveUp;
  }
}
