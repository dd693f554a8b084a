package io.places;

import org.jspecify.annotations.Nullable;

/** No place of that name is on the node; the message lists the names that are. Start it, or fix the name. */
public class NamedPlaceNotFoundException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public NamedPlaceNotFoundException(String message) {
    super(message);
  }

  public NamedPlaceNotFoundException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
