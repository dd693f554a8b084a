package io.places.mapreduce;

import io.places.mapreduce.proto.FormatSpec;
import io.places.mapreduce.proto.JobSpec;
import io.places.message.MessageType;
import io.places.place.UserClasses;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A map-reduce job: the names of its classes and their parameters, checked. Immutable.
 *
 * {@snippet :
 * Job job =
 *     Job.named("word count")
 *         .input(TextBlocks.of(Path.of("books")))
 *         .map(WordMapper.class)
 *         .combine(SumCombiner.class)
 *         .reduce(SumReducer.class)
 *         .reducers(3)
 *         .output(TextOutput.to(Path.of("counts")));
 * }
 *
 * <p>Classes whose types do not fit do not compile: the mapper must take the input's records, the
 * combiner, partitioner and reducer the mapper's pairs, the output the reducer's. What the compiler
 * cannot see is checked as soon as a class is named, and refused by {@link
 * IllegalArgumentException}: classes that no worker could make, and keys or values that have no
 * encoding.
 *
 * <p>A job travels as the {@link #spec} alone. What mappers and reducers need to know goes into the
 * parameters.
 */
public final class Job {
  /**
   * The most reducers. Every map task makes a run for each of them; far fewer keep every core busy,
   * and with many more the runs would be mostly overhead.
   */
  public static final int MOST_REDUCERS = 10_000;

  private final JobSpec spec;

  /** Encoded, by name. */
  private final Map<String, byte[]> side;

  private Job(JobSpec spec, Map<String, byte[]> side) {
    this.spec = spec;
    this.side = side;
  }

  /** Begins a job. The name is for people. */
  public static Named named(String name) {
    if (Objects.requireNonNull(name, "name").isBlank()) {
      throw new IllegalArgumentException("a job needs a name, not '" + name + "'");
    }
    return new Named(JobSpec.newBuilder().setName(name).setReducers(1).build());
  }

  /**
   * The job with data for all its tasks.
   *
   * @throws IllegalArgumentException if it has such data already
   * @throws io.places.MessageNotAllowedException if the data may not travel, or is too large
   */
  public <T> Job side(SideData<T> data, T value) {
    if (spec.containsSideData(data.name())) {
      throw new IllegalArgumentException(
          "the side data '%s' was given before".formatted(data.name()));
    }
    Map<String, byte[]> all = new HashMap<>(side);
    all.put(data.name(), MessageType.of(data.type()).encode(value));
    return new Job(
        spec.toBuilder().putSideData(data.name(), data.type().getName()).build(), Map.copyOf(all));
  }

  /**
   * The job with one attempt of each task at a time: a task that takes long is not tried by an idle worker as well.
   * That is for classes that do something besides, such as writing to a database, for which two at a time are worse
   * than a slow one. A task that fails, or whose worker is lost, is tried again all the same; a worker that was given up
   * for its silence may still be at its attempt for a moment then.
   */
  public Job withoutSecondAttempts() {
    return new Job(spec.toBuilder().setNoSecondAttempts(true).build(), side);
  }

  Map<String, byte[]> side() {
    return side;
  }

  /** All there is to know about the job but its side data: names and parameters. */
  public JobSpec spec() {
    return spec;
  }

  @Override
  public String toString() {
    return spec.toString();
  }

  /** A job with a name. */
  public static final class Named {
    private final JobSpec spec;

    private Named(JobSpec spec) {
      this.spec = spec;
    }

    /** Where the records come from. */
    public <KI, VI> Reading<KI, VI> input(InputFormat<KI, VI> format) {
      Objects.requireNonNull(format, "input format");
      FormatSpec input = format("input format", format.getClass(), format.parameters());
      return new Reading<>(spec.toBuilder().setInput(input).build());
    }
  }

  /**
   * A job with an input.
   *
   * @param <KI> the keys of its records
   * @param <VI> its records
   */
  public static final class Reading<KI, VI> {
    private final JobSpec spec;

    private Reading(JobSpec spec) {
      this.spec = spec;
    }

    /**
     * A mapper whose pairs are the records of the next one, in the same task: nothing is encoded or sorted
     * between them, so keys and values may be of any type. The next mapper gets the very objects that are emitted;
     * if it holds on to them beyond its call, it sees what this one makes of them later.
     */
    public <K, V> Reading<K, V> pipe(
        Class<? extends Mapper<? super KI, ? super VI, K, V>> mapper) {
      return new Reading<>(spec.toBuilder().addPipes(UserClasses.name("mapper", mapper)).build());
    }

    /**
     * Has the workers keep the records as they are here, as objects, for later jobs of the same group that have
     * the same input, the same mappers before this, and the same parameters: these begin here, at the workers
     * that have the records, and read nothing. That is for jobs that go over the same input round after round;
     * what changes from round to round is side data, which mappers before this cannot have.
     *
     * <p>Keys and records of types that may travel, such as numbers, arrays of them, text and {@code record}s, are
     * kept as they are when they are emitted. Objects of other classes are not copied, nor are lists and other
     * collections, and records that have one, or a record with type arguments, in them: the mapper must emit a new one
     * each time.
     *
     * <p>Later mappers must not change the records. They are kept as long as there is memory; what was dropped,
     * or lost with a worker, is made again. A file that changes while its length stays the same is not read
     * again. What mappers before this count is counted by the job that makes the records.
     *
     * @throws IllegalArgumentException if that was said before
     */
    public Reading<KI, VI> keep() {
      if (spec.getKeep()) {
        throw new IllegalArgumentException("the records are kept already, at an earlier place");
      }
      return new Reading<>(spec.toBuilder().setKeep(true).setKeptPipes(spec.getPipesCount()).build());
    }

    /**
     * Cuts the input into splits of about so many bytes, instead of 4 or more for each worker of 1 to 32 MiB. Files are
     * cut where their format allows it, others and those that are smaller share a split. A format of your own finds the
     * number among its parameters, as {@link InputFormat#SPLIT_BYTES}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Reading<KI, VI> splitBytes(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("a split has 1 or more bytes, not " + bytes);
      }
      FormatSpec input =
          spec.getInput().toBuilder()
              .putParameters(InputFormat.SPLIT_BYTES, Long.toString(bytes))
              .build();
      return new Reading<>(spec.toBuilder().setInput(input).build());
    }

    /** What makes pairs of the records. */
    public <K, V> Mapped<K, V> map(Class<? extends Mapper<? super KI, ? super VI, K, V>> mapper) {
      String name = UserClasses.name("mapper", mapper);
      PairTypes<?, ?> types = PairTypes.of(mapper);
      return new Mapped<>(
          spec.toBuilder()
              .setMapper(name)
              .setKeyType(types.key().javaType().getName())
              .setValueType(types.value().javaType().getName())
              .build());
    }

    /**
     * What makes the output of the records, in a job without reducers: each map task writes a part, in
     * the order in which its mapper emits. The pairs go nowhere else, so keys and values may be of any
     * type that the output takes.
     */
    public <KO, VO> MapOnly<KO, VO> mapOnly(
        Class<? extends Mapper<? super KI, ? super VI, KO, VO>> mapper) {
      String name = UserClasses.name("mapper", mapper);
      return new MapOnly<>(spec.toBuilder().setMapper(name).setReducers(0).build());
    }
  }

  /**
   * A job with a mapper.
   *
   * @param <K> the keys it emits
   * @param <V> the values it emits
   */
  public static final class Mapped<K, V> {
    private final JobSpec spec;

    private Mapped(JobSpec spec) {
      this.spec = spec;
    }

    /** What makes one value of two with the same key; optional. */
    public Mapped<K, V> combine(Class<? extends Combiner<? super K, V>> combiner) {
      String name = UserClasses.name("combiner", combiner);
      return new Mapped<>(spec.toBuilder().setCombiner(name).build());
    }

    /**
     * Has the pairs packed (zlib's format, level 1) wherever they are kept between map and reduce, in memory,
     * in temporary files and on the way to reducers: less to write and to send, for more processor time. It
     * pays where disk or network are slow.
     */
    public Mapped<K, V> pack() {
      return new Mapped<>(spec.toBuilder().setPacked(true).build());
    }

    /** What keys are sorted and grouped by, if not their own order. */
    public Mapped<K, V> order(Class<? extends KeyOrder<? super K>> order) {
      String name = UserClasses.name("key order", order);
      return new Mapped<>(spec.toBuilder().setKeyOrder(name).build());
    }

    /**
     * Gives each reducer a range of the keys, so that all keys of a part of the output come before all of
     * the next part. The ranges are chosen after a sample, for which the mapper runs over some thousand
     * records where the job is controlled. A key that many pairs have stays in one range, however large.
     *
     * @throws IllegalArgumentException if the job has a partitioner
     */
    public Mapped<K, V> ranges() {
      if (!spec.getPartitioner().isEmpty()) {
        throw twoPartitions(spec.getPartitioner());
      }
      return new Mapped<>(spec.toBuilder().setRanges(true).build());
    }

    /**
     * What assigns keys to reducers, if not the hash of the encoded key, or of the part that tells its
     * group.
     *
     * @throws IllegalArgumentException if the job has partitions by ranges
     */
    public Mapped<K, V> partition(Class<? extends Partitioner<? super K>> partitioner) {
      if (spec.getRanges()) {
        throw twoPartitions(partitioner.getName());
      }
      String name = UserClasses.name("partitioner", partitioner);
      return new Mapped<>(spec.toBuilder().setPartitioner(name).build());
    }

    /** What makes the output of each key with its values. */
    public <KO, VO> Reduced<KO, VO> reduce(
        Class<? extends Reducer<? super K, ? super V, KO, VO>> reducer) {
      String name = UserClasses.name("reducer", reducer);
      return new Reduced<>(spec.toBuilder().setReducer(name).build());
    }

    private static IllegalArgumentException twoPartitions(String partitioner) {
      return new IllegalArgumentException(
          "a job has either ranges or a partitioner, not both: it was given " + partitioner);
    }
  }

  /**
   * A job with a mapper and no reducer.
   *
   * @param <KO> the keys it emits
   * @param <VO> the values it emits
   */
  public static final class MapOnly<KO, VO> {
    private final JobSpec spec;

    private MapOnly(JobSpec spec) {
      this.spec = spec;
    }

    /** A parameter for the job's classes, which ask their {@link Context} for it. */
    public MapOnly<KO, VO> parameter(String name, String value) {
      return new MapOnly<>(withParameter(spec, name, value));
    }

    /**
     * The components of a record as parameters, for classes that ask their context for {@code
     * parameters(TheRecord.class)}: of String, int, long, double, boolean, or an enum.
     */
    public MapOnly<KO, VO> parameters(Record parameters) {
      return new MapOnly<>(withParameters(spec, parameters));
    }

    /**
     * An output beside the main one, for pairs emitted to it by name. Its folder may be within that of the main one.
     *
     * @throws IllegalArgumentException if the job has an output of that name, or one that goes to the same folder
     */
    public <K2, V2> MapOnly<KO, VO> alsoOutput(
        NamedOutput<K2, V2> output, OutputFormat<? super K2, ? super V2> format) {
      return new MapOnly<>(withNamedOutput(spec, output, format));
    }

    /**
     * Where the output goes.
     *
     * @throws IllegalArgumentException if another output of the job goes to the same folder
     */
    public Job output(OutputFormat<? super KO, ? super VO> format) {
      return withOutput(spec, format);
    }
  }

  /**
   * A job with a reducer.
   *
   * @param <KO> the keys it emits
   * @param <VO> the values it emits
   */
  public static final class Reduced<KO, VO> {
    private final JobSpec spec;

    private Reduced(JobSpec spec) {
      this.spec = spec;
    }

    /**
     * A mapper for what the reducer emits, in the same task; what it emits goes to the output, or to the
     * next one.
     */
    public <K2, V2> Reduced<K2, V2> pipe(
        Class<? extends Mapper<? super KO, ? super VO, K2, V2>> mapper) {
      String name = UserClasses.name("mapper", mapper);
      return new Reduced<>(spec.toBuilder().addPipesAfter(name).build());
    }

    /** How many reduce tasks there are, and so parts of the output. 1 if not said. */
    public Reduced<KO, VO> reducers(int count) {
      if (count < 1 || count > MOST_REDUCERS) {
        throw new IllegalArgumentException(
            "a job has 1 to " + MOST_REDUCERS + " reducers, not " + count);
      }
      return new Reduced<>(spec.toBuilder().setReducers(count).build());
    }

    /** A parameter for the job's classes, which ask their {@link Context} for it. */
    public Reduced<KO, VO> parameter(String name, String value) {
      return new Reduced<>(withParameter(spec, name, value));
    }

    /**
     * The components of a record as parameters, for classes that ask their context for {@code
     * parameters(TheRecord.class)}: of String, int, long, double, boolean, or an enum.
     */
    public Reduced<KO, VO> parameters(Record parameters) {
      return new Reduced<>(withParameters(spec, parameters));
    }

    /**
     * An output beside the main one, for pairs emitted to it by name. Its folder may be within that of the main one.
     *
     * @throws IllegalArgumentException if the job has an output of that name, or one that goes to the same folder
     */
    public <K2, V2> Reduced<KO, VO> alsoOutput(
        NamedOutput<K2, V2> output, OutputFormat<? super K2, ? super V2> format) {
      return new Reduced<>(withNamedOutput(spec, output, format));
    }

    /**
     * Where the output goes.
     *
     * @throws IllegalArgumentException if another output of the job goes to the same folder
     */
    public Job output(OutputFormat<? super KO, ? super VO> format) {
      return withOutput(spec, format);
    }
  }

  private static JobSpec withParameter(JobSpec spec, String name, String value) {
    if (spec.containsParameters(name)) {
      throw new IllegalArgumentException(
          "the parameter '%s' was given before, as '%s'"
              .formatted(name, spec.getParametersOrThrow(name)));
    }
    return spec.toBuilder().putParameters(name, value).build();
  }

  private static JobSpec withParameters(JobSpec spec, Record parameters) {
    JobSpec all = spec;
    for (var parameter : RecordParameters.of(parameters).entrySet()) {
      all = withParameter(all, parameter.getKey(), parameter.getValue());
    }
    return all;
  }

  private static JobSpec withNamedOutput(
      JobSpec spec, NamedOutput<?, ?> output, OutputFormat<?, ?> format) {
    if (spec.containsNamedOutputs(output.name())) {
      throw new IllegalArgumentException(
          "the output '%s' was declared before".formatted(output.name()));
    }
    FormatSpec named = format("output format", format.getClass(), format.parameters());
    spec.getNamedOutputsMap()
        .forEach((name, other) -> checkApart("the output '%s'".formatted(name), other, output.name(), named));
    return spec.toBuilder().putNamedOutputs(output.name(), named).build();
  }

  private static Job withOutput(JobSpec spec, OutputFormat<?, ?> format) {
    Objects.requireNonNull(format, "output format");
    FormatSpec output = format("output format", format.getClass(), format.parameters());
    spec.getNamedOutputsMap()
        .forEach((name, named) -> checkApart("the main output", output, name, named));
    return new Job(spec.toBuilder().setOutput(output).build(), Map.of());
  }

  private static void checkApart(
      String one, FormatSpec format, String other, FormatSpec ofOther) {
    String folder = format.getParametersOrDefault(OutputFormat.FOLDER, "");
    if (!folder.isEmpty()
        && folder.equals(ofOther.getParametersOrDefault(OutputFormat.FOLDER, ""))) {
      throw new IllegalArgumentException(
          "%s and the output '%s' go to the same folder, %s: give each its own"
              .formatted(one, other, folder));
    }
  }

  private static FormatSpec format(String role, Class<?> type, Map<String, String> parameters) {
    return FormatSpec.newBuilder()
        .setClassName(UserClasses.name(role, type))
        .putAllParameters(parameters)
        .build();
  }
}
