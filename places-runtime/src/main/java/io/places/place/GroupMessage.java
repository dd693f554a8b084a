package io.places.place;

import io.places.ProtocolException;
import java.util.Optional;

/**
 * What the coordinator of a group and its members say to each other.
 *
 * @param <R> the result of a member
 * @param value of a pipeline, as its encoding; otherwise empty
 * @param result of a member that is done
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record GroupMessage<R>(Kind kind, byte[] value, Optional<R> result) {
  private static final byte[] NOTHING = {};

  enum Kind {
    /** From a member: it has come to a barrier. To a member: all have. */
    BARRIER,
    /** From a member: a value for the next one. To a member: from the one before it. */
    VALUE,
    /** From a member: its result, the last it says. */
    RESULT
  }

  static <R> GroupMessage<R> barrier() {
    return new GroupMessage<>(Kind.BARRIER, NOTHING, Optional.empty());
  }

  static <R> GroupMessage<R> value(byte[] encoded) {
    return new GroupMessage<>(Kind.VALUE, encoded, Optional.empty());
  }

  static <R> GroupMessage<R> result(R result) {
    return new GroupMessage<>(Kind.RESULT, NOTHING, Optional.of(result));
  }

  /** To a member that waits for a message of this kind. */
  GroupMessage<R> expect(Kind expected) {
    if (kind != expected) {
      throw new ProtocolException(
          "a member waits for %s and gets %s: do all members call barrier() and pipeline() in the same order?"
              .formatted(expected, kind));
    }
    return this;
  }
}
