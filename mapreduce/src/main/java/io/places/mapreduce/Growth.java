package io.places.mapreduce;

import java.util.Arrays;

/** How arrays grow: by doubling, or at once to what is needed. */
final class Growth {
  private Growth() {}

  /** The array itself, or a larger copy, with room for {@code more} bytes behind {@code used}. */
  static byte[] toHold(byte[] bytes, int used, int more) {
    int needed = Math.addExact(used, more);
    return needed <= bytes.length
        ? bytes
        : Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, 1 << 30)));
  }
}
