package io.places.mapreduce;

/**
 * Where a mapper's pairs are gathered, within a bound on memory, until they leave as sorted runs.
 *
 * @param <K> the keys
 * @param <V> the values
 */
interface Collector<K, V> {

  void collect(K key, V value);

  /**
   * Takes a pair whose key is a text in UTF-8, which may be changed afterwards.
   *
   * @throws IllegalArgumentException if it is no UTF-8
   */
  @SuppressWarnings("unchecked") // a mapper that emits texts has such keys, or fails where they are encoded
  default void collectUtf8(byte[] text, int offset, int length, V value) {
    collect((K) KeyType.text(text, offset, length), value);
  }

  /** Writes what is still held as runs. */
  void flush();
}
