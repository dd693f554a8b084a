package io.places.mapreduce;

/**
 * Says which reducer gets a key. Without one, a job uses a hash of the key's encoded bytes, which
 * is the same on every node and in every release.
 *
 * <p>The answer must depend on key and number of partitions only, or the values of one key would
 * reach different reducers. A partitioner is a class with a no-argument constructor; one instance
 * serves one task, in one thread.
 *
 * @param <K> the keys the mapper emits
 */
public interface Partitioner<K> {

  /**
   * The partition of a key.
   *
   * @param partitions how many there are, which is the job's number of reducers
   * @return a number from 0 to {@code partitions - 1}; any other fails the task
   */
  int partition(K key, int partitions);
}
