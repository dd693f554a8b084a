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
  @SuppressWarnings("unchecked") // where the type of the values is Long, V is
  Collector<K, V> collector() {
    if (combiner == null || !CombineTable.canHold(valueType)) {
      return new SortBuffer<>(this);
    }
    return valueType.javaType() == Long.class
        ? (Collector<K, V>)
            new LongTable<>((MapSide<K, Long>) this, (Combiner<K, Long>) combiner)
        : new CombineTable<>(this, combiner);
  }
}
