package io.places.mapreduce;

import org.jspecify.annotations.Nullable;

/** Assigns keys to partitions: by the job's partitioner, or by the hash of the encoded key. */
final class Partitioning<K> {
  private final @Nullable Partitioner<K> partitioner;
  private final int partitions;

  Partitioning(@Nullable Partitioner<K> partitioner, int partitions) {
    this.partitioner = partitioner;
    this.partitions = partitions;
  }

  int partitions() {
    return partitions;
  }

  int of(K key, long hash) {
    return partitioner == null ? KeyHash.reduce(hash, partitions) : ask(partitioner, key);
  }

  private int ask(Partitioner<K> asked, K key) {
    int answer = asked.partition(key, partitions);
    if (answer < 0 || answer >= partitions) {
      throw new IllegalArgumentException(
          "partitioner %s put the key %s into partition %d; with %d reducers it must answer 0 to %d"
              .formatted(
                  asked.getClass().getName(), Quoted.of(key), answer, partitions, partitions - 1));
    }
    return answer;
  }
}
