package io.places.ndp;

import io.places.message.MessageType;

/*
 * What a type says of a value's weight takes constant time, and is exact for arrays of primitives only: of a list it
 * counts the elements, not what they hold. So it is held against what values have taken that were encoded, the first of
 * them for that purpose alone.
 */
/** About how many bytes values of one type take when they are encoded. Safe for use by many threads. */
final class Sizes {
  /** For values that weigh nothing. */
  private static final int LEAST = 16;

  private volatile double bytesForWeight; // 0 until one was encoded

  /**
   * About how many bytes a value takes.
   *
   * @throws io.places.MessageNotAllowedException if it cannot travel, as far as that is noticed
   */
  <T> long of(MessageType<T> type, T value) {
    long weight = type.weight(value);
    if (type.javaType().isArray()) {
      return weight;
    }
    double factor = bytesForWeight;
    if (factor > 0) {
      return (long) (factor * (LEAST + weight));
    }
    try {
      return encode(type, value).length;
    } catch (OutOfMemoryError e) {
      return weight; // nobody says that it has to go
    }
  }

  /** Encodes a value, and notes what it takes. */
  <T> byte[] encode(MessageType<T> type, T value) {
    byte[] bytes = type.encode(value);
    bytesForWeight = Math.max(1, bytes.length) / (double) (LEAST + type.weight(value));
    return bytes;
  }
}
