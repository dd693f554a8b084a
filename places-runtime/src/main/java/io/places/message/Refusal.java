package io.places.message;

import io.places.PlacesException;
import org.jspecify.annotations.Nullable;

/**
 * Why a value, a type or some bytes are refused. Thrown where the trouble is found, without knowing
 * where that is; each structure on the way out prepends its step, so the path costs nothing unless it
 * is needed. Never leaves this package: {@link StructuredType} turns it into an exception for callers.
 */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A longer path loses its middle: its two ends tell which recursion went wrong. */
  private static final int LONGEST_PATH = 200;

  private final StringBuilder path = new StringBuilder();
  private final String reason;

  Refusal(String reason) {
    this(reason, null);
  }

  Refusal(String reason, @Nullable Throwable cause) {
    super(reason, cause, false, false);
    this.reason = reason;
  }

  /** What stopped a conversion: a refusal as it is, anything else as the reason of one. */
  static Refusal of(RuntimeException e) {
    if (e instanceof Refusal refusal) {
      return refusal;
    }
    return new Refusal(e instanceof PlacesException ? String.valueOf(e.getMessage()) : e.toString(), e);
  }

  /** For null where a value must be. */
  static Refusal ofNull() {
    return new Refusal("null cannot travel; what may be absent is declared as an Optional");
  }

  /** For a value of a class that the declaration does not name, as unchecked casts allow. */
  static Refusal ofClass(Object value, String expected) {
    return new Refusal(
        "a value of %s where %s is declared".formatted(value.getClass().getTypeName(), expected));
  }

  /** One step further out: {@code .component}, {@code [index]}. */
  Refusal at(String step) {
    path.insert(0, step);
    return this;
  }

  Refusal at(int index) {
    return at("[" + index + "]");
  }

  /** {@code Order.lines[3].note: the reason}; the reason alone if it is about the whole. */
  String describe(String root) {
    if (path.isEmpty()) {
      return reason;
    }
    String whole = root + path;
    if (whole.length() > LONGEST_PATH) {
      int half = LONGEST_PATH / 2;
      whole = whole.substring(0, half) + "…" + whole.substring(whole.length() - half);
    }
    return whole + ": " + reason;
  }
}
