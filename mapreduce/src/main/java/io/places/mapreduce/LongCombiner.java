package io.places.mapreduce;

/**
 * A combiner of numbers that looks at the numbers alone, such as one that adds: what is emitted is then combined
 * without an object for each key or number.
 *
 * {@snippet :
 * final class Sum implements LongCombiner<String> {
 *   public long combine(long left, long right) {
 *     return left + right;
 *   }
 * }
 * }
 *
 * @param <K> the keys the mapper emits
 */
@FunctionalInterface
public interface LongCombiner<K> extends Combiner<K, Long> {

  /** One number that stands for both. */
  long combine(long left, long right);

  @Override
  default Long combine(K key, Long left, Long right) {
    return combine((long) left, (long) right);
  }
}
