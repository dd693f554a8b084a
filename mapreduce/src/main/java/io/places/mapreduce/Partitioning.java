package io.places.mapreduce;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Assigns keys to partitions: by the job's partitioner, by ranges, or by the hash of the group. */
final class Partitioning<K> {
  private final KeyType<K> keyType;
  private final @Nullable Partitioner<K> partitioner;
  private final @Nullable KeyRanges ranges;
  private final int partitions;

  Partitioning(
      KeyType<K> keyType,
      @Nullable Partitioner<K> partitioner,
      @Nullable KeyRanges ranges,
      int partitions) {
    this.keyType = keyType;
    this.partitioner = partitioner;
    this.ranges = ranges;
    this.partitions = partitions;
  }

  int partitions() {
    return partitions;
  }

  /**
   * The partition of a key.
   *
   * @param hash of the encoded key
   */
  int of(K key, byte[] encoded, long hash) {
    return of(key, encoded, 0, encoded.length, hash);
  }

  /**
   * The partition of a key.
   *
   * @param key may be null unless this {@link #needsKeys}
   * @param hash of the encoded key
   */
  int of(@Nullable K key, byte[] bytes, int offset, int length, long hash) {
    if (partitioner != null) {
      return ask(partitioner, Objects.requireNonNull(key, "a partitioner looks at keys"));
    }
    int group = keyType.groupLength(bytes, offset, length);
    if (ranges != null) {
      return ranges.of(bytes, offset, group);
    }
    return KeyHash.reduce(group == length ? hash : KeyHash.of(bytes, offset, group), partitions);
  }

  /** Whether the encoded form of a key does not tell its partition. */
  boolean needsKeys() {
    return partitioner != null;
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
