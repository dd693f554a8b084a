package io.places.message;

/** The bound on messages in messages, the same for writing, reading and copying. */
final class Depth {
  private Depth() {}

  static Refusal exceeded() {
    return new Refusal(
        "messages nested deeper than %d; send deep structures as lists whose elements refer to each other by index"
            .formatted(MessageType.RECURSION_LIMIT));
  }
}
