package io.places.node;

import io.places.PlaceFailedException;
import io.places.wire.proto.Failure;

/** What a place threw, on its way between nodes. */
final class Failures {
  /** Characters; with the stack's, at most 3 bytes each, within the 64 KiB of a control frame. */
  private static final int MAX_MESSAGE = 4_000;

  private static final int MAX_STACK = 16_000;

  private Failures() {}

  static Failure toWire(PlaceFailedException failure) {
    return Failure.newBuilder()
        .setNode(failure.node())
        .setPlace(failure.place())
        .setExceptionClass(failure.exceptionClass())
        .setMessage(cut(failure.exceptionMessage(), MAX_MESSAGE))
        .setStack(cut(failure.stack(), MAX_STACK))
        .build();
  }

  static PlaceFailedException fromWire(Failure failure) {
    return new PlaceFailedException(
        failure.getNode(),
        failure.getPlace(),
        failure.getExceptionClass(),
        failure.getMessage(),
        failure.getStack());
  }

  static String cut(String text, int length) {
    return text.length() <= length
        ? text
        : text.substring(0, length) + "… (" + (text.length() - length) + " more characters)";
  }
}
