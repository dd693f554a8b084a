package io.places.mapreduce;

import io.places.message.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * What a map task's {@link Collector} works with.
 *
 * @param sink where sorted pairs go
 * @param memory how many bytes to gather at most
 */
record MapSide<K, V>(
    KeyType<K> keyType,
    MessageType<V> valueType,
    Partitioning<K> partitioning,
    @Nullable Combiner<K, V> combiner,
    Tally tally,
    RunSink sink,
    long memory) {

  /** The collector that suits the job. */
  Collector<K, V> collector() {
    return combiner != null && CombineTable.canHold(valueType)
        ? new CombineTable<>(this, combiner)
        : new SortBuffer<>(this);
  }
}
