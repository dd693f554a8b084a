package io.places.ndp;

import io.places.FailureText;
import io.places.PlacesException;

/**
 * A class of the user's, or a function, has thrown. The cause is what it has thrown; if that was in another process, a
 * {@link io.places.PlaceFailedException} which has its class, message and stack as text. The message is the same.
 */
public final class SubproblemFailedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String path;

  private SubproblemFailedException(Throwable cause, String what, String path) {
    super("%s: %s".formatted(what, told(cause)), cause);
    this.what = what;
    this.path = path;
  }

  private static String told(Throwable cause) {
    FailureText text =
        cause instanceof RemoteFailure remote
            ? remote.told()
            : new FailureText(cause.getClass().getName(), FailureText.message(cause), ""); // no stack: the cause has it
    return text.toString();
  }

  /** On a part of a problem, or the whole. */
  static SubproblemFailedException onPart(String byClass, String path, Throwable cause) {
    String part = path.equals(Solving.WHOLE) ? path : "part " + path;
    return new SubproblemFailedException(cause, "%s failed on %s".formatted(byClass, part), path);
  }

  /** On an element of a nested sequence; both are counted from 0. */
  static SubproblemFailedException onElement(int segment, int element, Throwable cause) {
    return new SubproblemFailedException(
        cause,
        "the function of forEach failed on element %d of segment %d, counted from 0".formatted(element, segment),
        segment + "." + element);
  }

  /**
   * Where the problem is in the tree of parts: "1.0" is the first part of the second part of the whole. Of one that is
   * deeper than {@value Solving#TOLD} levels only so many are told, the last: "[12 levels].1.0" and so on. Of an element
   * of a nested sequence, its segment and its place there.
   */
  public String path() {
    return path;
  }

  /** The same, with the stack of the thread that calls this: the cause has the other. */
  SubproblemFailedException again() {
    Throwable cause = getCause();
    return new SubproblemFailedException(cause == null ? this : cause, what, path);
  }
}
