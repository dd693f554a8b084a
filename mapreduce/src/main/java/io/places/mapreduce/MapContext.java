package io.places.mapreduce;


/** Hands a mapper's pairs to the task's collector. */
final class MapContext<K, V> extends TaskContext<K, V> {
  private final Tally tally;
  private final Collector<K, V> collector;

  MapContext(JobFacts facts, Tally tally, Collector<K, V> collector) {
    super(facts, tally);
    this.tally = tally;
    this.collector = collector;
  }

  @Override
  void take(K key, V value) {
    collector.collect(key, value);
    tally.add(TaskCounter.MAP_OUTPUT_RECORDS, 1);
  }

  @Override
  void takeUtf8(byte[] text, int offset, int length, V value) {
    collector.collectUtf8(text, offset, length, value);
    tally.add(TaskCounter.MAP_OUTPUT_RECORDS, 1);
  }
}
