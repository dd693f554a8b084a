package io.places.place;

/** Unwinds a body that called {@link Place#exit}. An error, so that {@code catch (Exception)} lets it pass. */
final class PlaceExit extends Error {
  private static final long serialVersionUID = 1L;

  private final int code;

  PlaceExit(int code) {
    super("exit with code " + code, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }
}
