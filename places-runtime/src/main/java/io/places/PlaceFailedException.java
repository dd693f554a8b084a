package io.places;

/**
 * The body of a place ended with an exception. Carries the text of the original, because its class
 * need not exist where this is thrown: class, message and stack of the original, and the node and
 * place in which it was thrown.
 */
public class PlaceFailedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final String node;
  private final String place;
  private final String exceptionClass;
  private final String exceptionMessage;
  private final String stack;

  /**
   * @param exceptionMessage the original's message; empty if it had none
   * @param stack the original's stack trace as {@link Throwable#printStackTrace()} prints it
   */
  public PlaceFailedException(
      String node, String place, String exceptionClass, String exceptionMessage, String stack) {
    super(
        "place %s on node %s failed: %s%s"
            .formatted(
                place,
                node,
                exceptionClass,
                exceptionMessage.isEmpty() ? "" : ": " + exceptionMessage));
    this.node = node;
    this.place = place;
    this.exceptionClass = exceptionClass;
    this.exceptionMessage = exceptionMessage;
    this.stack = stack;
  }

  public String node() {
    return node;
  }

  public String place() {
    return place;
  }

  public String exceptionClass() {
    return exceptionClass;
  }

  public String exceptionMessage() {
    return exceptionMessage;
  }

  /** The original stack trace, with its causes, as text. */
  public String stack() {
    return stack;
  }
}
