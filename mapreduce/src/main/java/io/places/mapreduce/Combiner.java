package io.places.mapreduce;

/**
 * Makes one value of two that were emitted with the same key, so that less is sorted and shipped.
 *
 * <p>The fold must be associative, and must not care about the order of the values: the engine may
 * combine none, some or all values of a key, on the mappers' side and again while it merges, in any
 * grouping. The reducer must give the same answer for all of these. A combiner must not change its
 * arguments. It is a class with a no-argument constructor; one instance serves one task, in one
 * thread.
 *
 * @param <K> the keys the mapper emits
 * @param <V> the values the mapper emits
 */
public interface Combiner<K, V> {

  /** One value that stands for both. */
  V combine(K key, V left, V right);
}
