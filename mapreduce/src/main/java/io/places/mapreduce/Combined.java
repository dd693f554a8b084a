package io.places.mapreduce;

import org.jspecify.annotations.Nullable;

/** What a combiner makes of two values. */
final class Combined {
  private Combined() {}

  static <K, V> V of(Combiner<K, V> combiner, K key, V left, V right) {
    @Nullable V combined = combiner.combine(key, left, right);
    if (combined == null) {
      throw new IllegalArgumentException(
          "combiner %s answered null for two values of key %s: it must answer one value for both"
              .formatted(combiner.getClass().getName(), Quoted.of(key)));
    }
    return combined;
  }
}
