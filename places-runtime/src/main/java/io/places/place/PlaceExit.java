package io.places.place;

/**
 * Unwinds a body that called {@link Place#exit}. An error, so that {@code catch (Exception)} lets it pass; who
 * catches any {@code Throwable} of code that is not his must throw it on.
 */
public final class PlaceExit extends Error {
  private static final long serialVersionUID = 1L;

  private final int code;

  PlaceExit(int code) {
    super("exit with code " + code, null, false, false);
    this.code = code;
  }

  /** The exit code. */
  public int code() {
    return code;
  }
}
