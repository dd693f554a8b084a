package io.places.ndp;

import io.places.PlacesException;

/** A class of the user's has thrown. The cause is what it has thrown. */
public final class SubproblemFailedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final String byClass;
  private final String path;

  SubproblemFailedException(String byClass, String path, Throwable cause) {
    super("%s failed on %s: %s".formatted(byClass, named(path), cause), cause);
    this.byClass = byClass;
    this.path = path;
  }

  private static String named(String path) {
    return Character.isDigit(path.charAt(0)) ? "part " + path : path;
  }

  /** Where the problem is in the tree of parts: "1.0" is the first part of the second part of the whole. */
  public String path() {
    return path;
  }

  /** The same, with the stack of the thread that calls this: the cause has the other. */
  SubproblemFailedException again() {
    Throwable cause = getCause();
    return new SubproblemFailedException(byClass, path, cause == null ? this : cause);
  }
}
