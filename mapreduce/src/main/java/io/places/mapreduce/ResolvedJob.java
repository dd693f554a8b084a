package io.places.mapreduce;

import io.places.PlacesException;
import io.places.mapreduce.proto.FormatSpec;
import io.places.mapreduce.proto.JobSpec;
import io.places.message.MessageType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A job whose names have become code on this node. Immutable but for its formats, which are used by
 * one thread each time; everything else is made anew for each task.
 */
final class ResolvedJob<KI, VI, K, V, KO, VO> {
  private final JobSpec spec;
  private final JobClasses classes;
  private final @Nullable KeyType<K> keyType;
  private final @Nullable MessageType<V> valueType;
  private final InputFormat<KI, VI> input;
  private final OutputFormat<KO, VO> output;
  private final @Nullable KeyRanges ranges;
  private final JobFacts facts;
  private final KeptSplits kept;

  private ResolvedJob(
      JobSpec spec,
      JobClasses classes,
      @Nullable KeyType<K> keyType,
      @Nullable MessageType<V> valueType,
      InputFormat<KI, VI> input,
      OutputFormat<KO, VO> output,
      @Nullable KeyRanges ranges,
      SideValues side,
      KeptSplits kept) {
    this.spec = spec;
    this.classes = classes;
    this.keyType = keyType;
    this.valueType = valueType;
    this.input = input;
    this.output = output;
    this.ranges = ranges;
    this.facts = new JobFacts(spec, side);
    this.kept = kept;
  }

  /**
   * Resolves a job.
   *
   * @throws PlacesException if a class cannot be made, or is another here than where the job was
   *     written
   */
  static ResolvedJob<?, ?, ?, ?, ?, ?> of(JobSpec spec, JobClasses classes) {
    return of(spec, classes, null, new SideValues(Map.of()));
  }

  /** As {@link #of(JobSpec, JobClasses)}, with ranges for a job that has such, and side data. */
  static ResolvedJob<?, ?, ?, ?, ?, ?> of(
      JobSpec spec, JobClasses classes, @Nullable KeyRanges ranges, SideValues side) {
    return of(spec, classes, ranges, side, new KeptSplits());
  }

  /** As above, with what the worker keeps. */
  static ResolvedJob<?, ?, ?, ?, ?, ?> of(
      JobSpec spec,
      JobClasses classes,
      @Nullable KeyRanges ranges,
      SideValues side,
      KeptSplits kept) {
    InputFormat<?, ?> input = classes.create(spec.getInput().getClassName(), InputFormat.class);
    input.configure(spec.getInput().getParametersMap());
    OutputFormat<?, ?> output = classes.create(spec.getOutput().getClassName(), OutputFormat.class);
    output.configure(spec.getOutput().getParametersMap());
    Class<?> mapper = classes.create(spec.getMapper(), Mapper.class).getClass();
    if (spec.getReducers() == 0) {
      return new ResolvedJob<>(spec, classes, null, null, input, output, null, side, kept);
    }
    PairTypes<?, ?> types = PairTypes.of(mapper);
    checkSame(spec.getMapper(), "keys", spec.getKeyType(), types.key().javaType());
    checkSame(spec.getMapper(), "values", spec.getValueType(), types.value().javaType());
    KeyType<?> keys = ordered(types.key(), spec, classes);
    return new ResolvedJob<>(
        spec, classes, keys, types.value(), input, output, ranges, side, kept);
  }

  @SuppressWarnings("unchecked") // as below
  private static <K> KeyType<K> ordered(KeyType<K> keys, JobSpec spec, JobClasses classes) {
    String order = spec.getKeyOrder();
    return order.isEmpty() ? keys : new OrderedKeys<>(keys, classes.create(order, KeyOrder.class));
  }

  /** A new map task. */
  MapTask<KI, VI, K, V> mapTask(TaskMemory memory, TaskListener listener) {
    return new MapTask<>(this, memory, listener);
  }

  /** A new task of a job without reducers. */
  MapOnlyTask<KI, VI, K, V> mapOnlyTask(TaskListener listener) {
    return new MapOnlyTask<>(this, listener);
  }

  /** A new reduce task. */
  ReduceTask<K, V, KO, VO> reduceTask(TaskListener listener) {
    return new ReduceTask<>(this, listener);
  }

  JobFacts facts() {
    return facts;
  }

  /** What the worker keeps of this job and others. */
  KeptSplits kept() {
    return kept;
  }

  JobSpec spec() {
    return spec;
  }

  int reducers() {
    return spec.getReducers();
  }

  InputFormat<KI, VI> input() {
    return input;
  }

  /** Whether the runs between map and reduce are packed. */
  boolean isPacked() {
    return spec.getPacked();
  }

  boolean isMapOnly() {
    return reducers() == 0;
  }

  KeyType<K> keyType() {
    return Objects.requireNonNull(keyType, "a job without reducers encodes no keys");
  }

  MessageType<V> valueType() {
    return Objects.requireNonNull(valueType, "a job without reducers encodes no values");
  }

  PairTypes<K, V> pairTypes() {
    return new PairTypes<>(keyType(), valueType());
  }

  // The builder of Job lets only classes together whose types fit, and what a class takes may be a
  // supertype of what it is given: so the casts below cannot go wrong for a job built there.

  /** All mappers of the map side: at least one. */
  List<Mapper<Object, Object, Object, Object>> mappers() {
    List<String> names = new ArrayList<>(spec.getPipesList());
    names.add(spec.getMapper());
    return create(names);
  }

  /** The mappers behind the reducer. */
  List<Mapper<Object, Object, Object, Object>> pipesAfter() {
    return create(spec.getPipesAfterList());
  }

  @SuppressWarnings("unchecked")
  private List<Mapper<Object, Object, Object, Object>> create(List<String> names) {
    List<Mapper<Object, Object, Object, Object>> mappers = new ArrayList<>();
    for (String name : names) {
      mappers.add(classes.create(name, Mapper.class));
    }
    return mappers;
  }

  /** The formats of all outputs by name, the main one first. */
  @SuppressWarnings("unchecked")
  Map<String, OutputFormat<Object, Object>> outputs() {
    Map<String, OutputFormat<Object, Object>> outputs = new LinkedHashMap<>();
    outputs.put(PartWriters.MAIN, (OutputFormat<Object, Object>) output);
    for (String name : new TreeSet<>(spec.getNamedOutputsMap().keySet())) {
      FormatSpec format = spec.getNamedOutputsOrThrow(name);
      OutputFormat<Object, Object> named =
          classes.create(format.getClassName(), OutputFormat.class);
      named.configure(format.getParametersMap());
      outputs.put(name, named);
    }
    return outputs;
  }

  /** The committer of all outputs. */
  OutputCommitter committer() {
    return new Committers(outputs().values().stream().map(OutputFormat::committer).toList());
  }

  @SuppressWarnings("unchecked")
  Reducer<K, V, KO, VO> reducer() {
    return classes.create(spec.getReducer(), Reducer.class);
  }

  @SuppressWarnings("unchecked")
  @Nullable Combiner<K, V> combiner() {
    String name = spec.getCombiner();
    return name.isEmpty() ? null : classes.create(name, Combiner.class);
  }

  MapSide<K, V> mapSide(Tally tally, RunSink sink, long memory) {
    return new MapSide<>(keyType(), valueType(), partitioning(), combiner(), tally, sink, memory);
  }

  Partitioning<K> partitioning() {
    return new Partitioning<>(keyType(), partitioner(), ranges, reducers());
  }

  @SuppressWarnings("unchecked")
  private @Nullable Partitioner<K> partitioner() {
    String name = spec.getPartitioner();
    return name.isEmpty() ? null : classes.create(name, Partitioner.class);
  }

  private static void checkSame(String mapper, String what, String named, Class<?> found) {
    if (!named.equals(found.getName())) {
      throw new PlacesException(
          "mapper %s emits %s of %s on this node and of %s where the job was written: run both from the same class path"
              .formatted(mapper, what, found.getName(), named));
    }
  }
}
