package io.places.mapreduce;

import java.util.List;

/**
 * Makes something of the list to which everything was reduced, where the program runs that asked for it. A class with a
 * no-argument constructor.
 *
 * @param <K> the keys
 * @param <V> the values
 * @param <R> what it makes
 */
public interface Outputer<K, V, R> {
  /** Called once, with the keys in order. */
  R output(List<KeyValue<K, List<V>>> all) throws Exception;
}
