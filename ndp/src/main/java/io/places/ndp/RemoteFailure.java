package io.places.ndp;

import io.places.PlacesException;

/** What a class of the user's has thrown in another process: its class and message, with its stack as text. */
final class RemoteFailure extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final String path;

  RemoteFailure(String path, String failure, String stack) {
    super(failure + System.lineSeparator() + stack.stripTrailing());
    this.path = path;
  }

  /** Where, within the problem that had been sent. */
  String path() {
    return path;
  }
}
