package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/*
 * Maps and reduces with the engine's own tasks. What lies between them in the engine depends on memory and on
 * who finishes first; here it is done by hand, so that each of its liberties can be taken on purpose: how often
 * values are combined, and in which order they come. Only where values are combined once, the engine's collectors do
 * it, since combiners have several forms, and each collector calls another.
 */
/** Runs a job once, in memory, in one way of many. Used by one thread. */
final class Trial<KI, VI, K, V> {
  /** What a worker's collector may hold: a test's records fit. */
  private static final long COLLECTOR_BYTES = 16 << 20;

  /** How values are combined. */
  enum Combining {
    /** Not at all. */
    NONE,
    /** Those of each map task, as on a worker. */
    ONCE,
    /** Those of all map tasks, two at a time, chosen by chance: all of them, or only some. */
    MANY
  }

  /**
   * One way.
   *
   * @param splits of the records
   * @param shuffled whether equal keys come in random order
   */
  record Way(List<Split> splits, int reducers, Combining combining, boolean shuffled) {
    Way splits(List<Split> other) {
      return new Way(other, reducers, combining, shuffled);
    }

    Way reducers(int other) {
      return new Way(splits, other, combining, shuffled);
    }

    Way combining(Combining other) {
      return new Way(splits, reducers, other, shuffled);
    }

    Way inRandomOrder() {
      return new Way(splits, reducers, combining, true);
    }
  }

  /** A pair between map and reduce, encoded. */
  @SuppressWarnings("ArrayRecordComponent") // compared by the key's content only
  private record Entry(byte[] key, byte[] value) {
    Entry with(byte[] otherValue) {
      return new Entry(key, otherValue);
    }
  }

  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final String name;
  private final Way way;
  private final RandomGenerator random;
  private final @Nullable Combiner<K, V> combiner;
  private final List<List<Entry>> partitions = new ArrayList<>();
  private Counters counters = Counters.NONE;

  private Trial(
      ResolvedJob<KI, VI, K, V, ?, ?> job,
      @Nullable Combiner<?, ?> combiner,
      Way way,
      RandomGenerator random) {
    this.job = job;
    this.name = job.spec().getName();
    this.combiner = typed(combiner);
    this.way = way;
    this.random = random;
  }

  @SuppressWarnings("unchecked") // it is the job's own: see ResolvedJob
  private static <K, V> @Nullable Combiner<K, V> typed(@Nullable Combiner<?, ?> combiner) {
    return (Combiner<K, V>) combiner;
  }

  /**
   * Runs a job.
   *
   * @param spec with formats that stay in memory
   * @return what its tasks have counted
   */
  static Counters run(
      JobSpec spec, JobClasses classes, SideValues side, Way way, RandomGenerator random) {
    JobSpec changed = spec.toBuilder().setReducers(way.reducers()).setCombiner("").build();
    KeyRanges ranges =
        spec.getRanges()
            ? KeyRanges.of(
                KeySample.of(ResolvedJob.of(changed, classes, null, side), way.splits()),
                way.reducers())
            : null;
    ResolvedJob<?, ?, ?, ?, ?, ?> job = ResolvedJob.of(changed, classes, ranges, side);
    Combiner<?, ?> combiner =
        spec.getCombiner().isEmpty() ? null : classes.create(spec.getCombiner(), Combiner.class);
    Trial<?, ?, ?, ?> trial = new Trial<>(job, combiner, way, random);
    return job.isMapOnly() ? trial.mapOnly() : trial.mapAndReduce();
  }

  private Counters mapOnly() {
    for (int task = 0; task < way.splits().size(); task++) {
      OutputPart part = new OutputPart('m', task, 0);
      add(job.mapOnlyTask(TaskListener.NONE).run(way.splits().get(task), part));
    }
    return counters;
  }

  private Counters mapAndReduce() {
    for (int i = 0; i < way.reducers(); i++) {
      partitions.add(new ArrayList<>());
    }
    for (int task = 0; task < way.splits().size(); task++) {
      if (combiner != null && way.combining() == Combining.ONCE) {
        mapAndCombine(task, combiner);
      } else {
        Tally tally = new Tally();
        map(task, tally, new Gather());
        add(tally.snapshot());
      }
    }
    for (int partition = 0; partition < way.reducers(); partition++) {
      List<Entry> entries = shuffled(partitions.get(partition));
      OutputPart part = new OutputPart(partition, 0);
      add(job.reduceTask(TaskListener.NONE).run(List.of(new Cursor(entries)), part));
    }
    return counters;
  }

  private void map(int task, Tally tally, Collector<K, V> collector) {
    var context = new MapContext<>(job.facts(), job.pairTypes(), tally, collector);
    new Mapping<>(job, tally, new Progress(TaskListener.NONE)).run(way.splits().get(task), context);
  }

  /** With a worker's own collector. */
  private void mapAndCombine(int task, Combiner<K, V> by) {
    Tally tally = new Tally();
    RunStore inMemory = new RunStore(new MemoryBudget(Long.MAX_VALUE), Path.of(""));
    RunSink sink = new RunSink(way.reducers(), job.isPacked(), inMemory, tally);
    Collector<K, V> collector =
        new MapSide<>(
                job.keyType(), job.valueType(), job.partitioning(), by, tally, sink, COLLECTOR_BYTES)
            .collector();
    map(task, tally, collector);
    collector.flush();
    add(tally.snapshot());
    for (int partition = 0; partition < way.reducers(); partition++) {
      for (Run run : sink.runs().get(partition)) {
        EntryCursor pairs = new RunReader(job.isPacked(), run.source(), "of map task " + task);
        while (pairs.next()) {
          partitions.get(partition).add(new Entry(bytes(pairs.key()), bytes(pairs.value())));
        }
      }
    }
  }

  private static byte[] bytes(Slice slice) {
    return Arrays.copyOfRange(slice.bytes(), slice.offset(), slice.offset() + slice.length());
  }

  private void add(Counters more) {
    counters = counters.plus(more);
  }

  /** What the reducer gets: sorted by key, equal keys in the order of the input, or shuffled. */
  private List<Entry> shuffled(List<Entry> gathered) {
    List<Entry> entries = new ArrayList<>(gathered);
    if (way.shuffled()) {
      Collections.shuffle(entries, random);
    }
    entries.sort((left, right) -> Arrays.compareUnsigned(left.key(), right.key())); // stable
    return combiner == null || way.combining() != Combining.MANY
        ? entries
        : combined(entries, combiner);
  }

  private List<Entry> combined(List<Entry> sorted, Combiner<K, V> by) {
    List<Entry> all = new ArrayList<>();
    int from = 0;
    while (from < sorted.size()) {
      int to = from + 1;
      while (to < sorted.size() && Arrays.equals(sorted.get(from).key(), sorted.get(to).key())) {
        to++;
      }
      List<Entry> group = new ArrayList<>(sorted.subList(from, to));
      combineByChance(group, by);
      all.addAll(group);
      from = to;
    }
    return all;
  }

  private void combineByChance(List<Entry> group, Combiner<K, V> by) {
    int left = random.nextBoolean() ? 1 : 1 + random.nextInt(group.size());
    while (group.size() > left) {
      Entry one = group.remove(random.nextInt(group.size()));
      Entry other = group.remove(random.nextInt(group.size()));
      group.add(combine(by, one, other));
    }
  }

  private Entry combine(Combiner<K, V> by, Entry left, Entry right) {
    K key = job.keyType().decode(left.key(), 0, left.key().length);
    V first = value(left);
    V second = value(right);
    V result = combine(by, key, first, second);
    checkUnchanged(key, left, first);
    checkUnchanged(key, right, second);
    return left.with(job.valueType().encode(job.valueType().check(result)));
  }

  private static <K, V> V combine(Combiner<K, V> by, K key, V first, V second) {
    try {
      return Combined.of(by, key, first, second);
    } catch (RuntimeException e) {
      throw new UserCode("combiner", by).failure("on key " + Quoted.of(key), e);
    }
  }

  private V value(Entry entry) {
    return job.valueType().decode(entry.value(), 0, entry.value().length);
  }

  private void checkUnchanged(K key, Entry before, V after) {
    V decoded = value(before);
    if (!new Alike(0).are(decoded, after)) {
      throw new BrokenAssumption(
          Assumption.COMBINER_ARGUMENTS,
          name,
          "For key %s it was given %s, which was then %s"
              .formatted(Quoted.of(key), Alike.text(decoded), Alike.text(after)));
    }
  }

  /** Takes the pairs of one map task. */
  private final class Gather implements Collector<K, V> {
    private final Partitioning<K> partitioning = job.partitioning();

    @Override
    public void collect(K key, V value) {
      byte[] encoded = job.keyType().encode(key).clone(); // it may be the key itself
      long hash = KeyHash.of(encoded, 0, encoded.length);
      int partition = partitioning.of(key, encoded, hash);
      K equal = job.keyType().decode(encoded, 0, encoded.length);
      int again = job.partitioning().of(equal, encoded, hash);
      if (partition != again) {
        throw new BrokenAssumption(
            Assumption.PARTITIONS,
            name,
            "Key %s went into partition %d and then into %d of %d"
                .formatted(Quoted.of(key), partition, again, way.reducers()));
      }
      partitions.get(partition).add(new Entry(encoded, job.valueType().encode(value)));
    }

    @Override
    public void flush() {}
  }

  private static final class Cursor implements EntryCursor {
    private final List<Entry> entries;
    private final Slice key = new Slice();
    private final Slice value = new Slice();
    private int next;

    Cursor(List<Entry> entries) {
      this.entries = entries;
    }

    @Override
    public boolean next() {
      if (next == entries.size()) {
        return false;
      }
      Entry entry = entries.get(next++);
      key.set(entry.key(), 0, entry.key().length);
      value.set(entry.value(), 0, entry.value().length);
      return true;
    }

    @Override
    public Slice key() {
      return key;
    }

    @Override
    public Slice value() {
      return value;
    }
  }
}
