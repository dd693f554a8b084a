package io.places.mapreduce;

import java.util.List;

/**
 * Reduces the values of each key: usually to a list of one. It is called on what a mapper has made, sorted by key with
 * all values of a key in one list, and again on what two such calls have made, brought together. So it must bear its
 * own results among its arguments. A class with a no-argument constructor; there is one instance for each call.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public interface ListReducer<K, V> {
  /** What becomes of all keys and their values. */
  List<KeyValue<K, List<V>>> reduce(List<KeyValue<K, List<V>>> all) throws Exception;
}
