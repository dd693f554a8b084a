package io.places.ndp;

import io.places.FailureText;
import io.places.PlaceFailedException;

/** What a class of the user's has thrown in another process. */
final class RemoteFailure extends PlaceFailedException {
  private static final long serialVersionUID = 1L;

  private final String path;

  RemoteFailure(String node, FromWorker.Failed failed) {
    super(node, "ndp-worker", failed.exceptionClass(), failed.message(), failed.stack());
    this.path = failed.path();
  }

  /** Where, within the problem that had been sent. */
  String path() {
    return path;
  }

  /** As it would have been told here. */
  FailureText told() {
    return new FailureText(exceptionClass(), exceptionMessage(), stack());
  }

  /** With the stack that it had there, for whoever prints this. */
  @Override
  public String getMessage() {
    return super.getMessage() + System.lineSeparator() + "there: " + stack().stripTrailing();
  }
}
