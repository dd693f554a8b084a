package io.places;

/** The node has a place of that name. The name is free again when that place has ended. */
public class PlaceAlreadyExistsException extends LaunchException {
  private static final long serialVersionUID = 1L;

  public PlaceAlreadyExistsException(String message) {
    super(message);
  }
}
