package io.places.mapreduce;

/**
 * Sorts and groups keys in another way than by their own order. It says for each key what it is sorted by,
 * and which part of that tells one group from another:
 *
 * {@snippet :
 * record Reading(String station, double celsius) {}
 *
 * final class HottestFirst implements KeyOrder<Reading> {
 *   @Override
 *   public void order(Reading key, SortKey by) {
 *     by.ascending(key.station()).endGroup().descending(key.celsius());
 *   }
 * }
 * }
 *
 * <p>Here a reducer gets all readings of a station in one call, the hottest first; its key is the first of
 * the group. All of a group goes to one reducer, unless the job has a partitioner, which must then see to
 * that. If no group is ended, a group is the keys that are equal.
 *
 * <p>An order must add the same fields, in type and number, for every key. Keys that agree in all fields
 * are sorted by their own order. A key order is a class with a no-argument constructor; one instance
 * serves one task, in one thread.
 *
 * @param <K> the keys the mapper emits
 */
public interface KeyOrder<K> {
  /** Adds to {@code by} what the key is sorted by. */
  void order(K key, SortKey by);
}
