package io.places.rpc.processor;

/**
 * Why a type cannot travel. Thrown where the trouble is found, without knowing where that is; each
 * structure on the way out prepends its step, as the runtime does.
 */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final StringBuilder path = new StringBuilder();
  private final String reason;

  Refusal(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** One step further out: {@code .component}, {@code [key]}. */
  Refusal at(String step) {
    path.insert(0, step);
    return this;
  }

  /** {@code Order.lines[].callback: the reason}; the reason alone if it is about the whole. */
  String describe(String root) {
    return path.isEmpty() ? reason : root + path + ": " + reason;
  }
}
