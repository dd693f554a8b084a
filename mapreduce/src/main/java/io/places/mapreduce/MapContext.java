package io.places.mapreduce;

import io.places.MessageNotAllowedException;

/** Hands a mapper's pairs to the task's collector. */
final class MapContext<K, V> extends TaskContext<K, V> {
  private final String mapper;
  private final PairTypes<K, V> types;
  private final Tally tally;
  private final Collector<K, V> collector;

  MapContext(JobFacts facts, PairTypes<K, V> types, Tally tally, Collector<K, V> collector) {
    super(facts, tally);
    this.mapper = facts.spec().getMapper();
    this.types = types;
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

  /** Types are looked at only here, where it went wrong: to look at those of each pair takes time. */
  @Override
  Throwable reason(Throwable refusal, Object key, Object value) {
    if (!(refusal instanceof ClassCastException || refusal instanceof MessageNotAllowedException)) {
      return refusal;
    }
    Class<?> keys = types.key().javaType();
    if (!keys.isInstance(key)) {
      return wrong("keys", keys, key, refusal);
    }
    Class<?> values = types.value().javaType();
    return values.isInstance(value) ? refusal : wrong("values", values, value, refusal);
  }

  private WrongTypeException wrong(String what, Class<?> declared, Object emitted, Throwable refusal) {
    return new WrongTypeException(
        "mapper %s declares %s of %s and has emitted one of %s, which the compiler refuses but for a cast or a raw type"
            .formatted(mapper, what, declared.getTypeName(), emitted.getClass().getTypeName()),
        refusal);
  }
}
