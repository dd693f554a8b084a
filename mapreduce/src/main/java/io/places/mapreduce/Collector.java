package io.places.mapreduce;

/**
 * Where a mapper's pairs are gathered, within a bound on memory, until they leave as sorted runs.
 *
 * @param <K> the keys
 * @param <V> the values
 */
interface Collector<K, V> {

  void collect(K key, V value);

  /** Writes what is still held as runs. */
  void flush();
}
