package io.places.place;

import io.places.ProtocolException;
import java.util.Arrays;

/** What a group's coordinator and its members say: a kind in the first byte, then its content. */
enum GroupMessage {
  /** From a member: it has come to a barrier. To a member: all have. No content. */
  BARRIER(1),
  /** From a member: a value for the next one. To a member: from the one before it. */
  VALUE(2),
  /** From a member: its result, the last it says. */
  RESULT(3);

  private final byte code;

  GroupMessage(int code) {
    this.code = (byte) code;
  }

  byte[] with(byte[] content) {
    byte[] message = new byte[1 + content.length];
    message[0] = code;
    System.arraycopy(content, 0, message, 1, content.length);
    return message;
  }

  static GroupMessage of(byte[] message) {
    for (GroupMessage kind : values()) {
      if (message.length > 0 && message[0] == kind.code) {
        return kind;
      }
    }
    throw new ProtocolException("a group's message of an unknown kind");
  }

  static byte[] content(byte[] message, GroupMessage expected) {
    GroupMessage kind = of(message);
    if (kind != expected) {
      throw new ProtocolException(
          "a member waits for %s and gets %s: do all members call barrier() and pipeline() in the same order?"
              .formatted(expected, kind));
    }
    return Arrays.copyOfRange(message, 1, message.length);
  }

  byte[] content(byte[] message) {
    return content(message, this);
  }
}
