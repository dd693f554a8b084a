package io.places.mapreduce;

import java.util.List;

/**
 * Turns a task, a list of pairs, into another list of pairs: words with a 1 each, out of the name of a file. A class
 * with a no-argument constructor and concrete type arguments; there is one instance for each call.
 *
 * @param <K1> the keys of a task
 * @param <V1> the values of a task
 * @param <K2> the keys made: String, Long, Integer, byte[], or a record of such
 * @param <V2> the values made: whatever may travel between places
 */
public interface ListMapper<K1, V1, K2, V2> {
  /** The pairs of a task. A key may come several times, in any order. */
  List<KeyValue<K2, V2>> map(List<KeyValue<K1, V1>> task) throws Exception;
}
