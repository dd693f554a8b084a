package io.places.mapreduce;

/** How large a pair may be. */
final class PairLimits {
  /**
   * The longest encoded key, and the longest encoded value: what the runtime carries in one message
   * by default. A length beyond it in a run can only be damage.
   */
  static final int MOST_BYTES = 64 << 20;

  private PairLimits() {}

  static void check(Object key, byte[] keyBytes, byte[] value) {
    if (keyBytes.length > MOST_BYTES) {
      throw tooLong(key, "the key", keyBytes);
    }
    if (value.length > MOST_BYTES) {
      throw tooLong(key, "the value", value);
    }
  }

  private static IllegalArgumentException tooLong(Object key, String part, byte[] bytes) {
    return new IllegalArgumentException(
        "%s emitted for %s has %d bytes when encoded; at most %d: emit it in parts"
            .formatted(part, Quoted.of(key), bytes.length, MOST_BYTES));
  }
}
