package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableComparator;
import org.apache.hadoop.mapreduce.TaskInputOutputContext;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.FixedLengthInputFormat;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.TextOutputFormat;
import org.jspecify.annotations.Nullable;

/**
 * Runs a job's mapper, combiner, key order and reducer on Hadoop's LocalJobRunner: Hadoop splits and reads the
 * input, partitions, sorts, spills, merges, groups and writes. Keys and values travel there as the bytes that we
 * encode them to. Of Hadoop's types the mapper sees nothing: it gets the offset and the line, or the record.
 */
@SuppressWarnings("SameNameButDifferent") // the Context of Hadoop's mappers, and that of its reducers
final class OnHadoop {
  private static final String SPEC = "places.job";

  private OnHadoop() {}

  /** What came out: lines of key and value, and Hadoop's own counters of records and groups. */
  record Answer(List<String> lines, long mapInput, long mapOutput, long reduceInput, long groups) {}

  /**
   * Runs a job.
   *
   * @param recordLength 0 for lines of text
   */
  static Answer run(
      Job job, java.nio.file.Path input, int recordLength, java.nio.file.Path scratch) throws Exception {
    Configuration conf = new Configuration();
    conf.set(SPEC, Base64.getEncoder().encodeToString(job.spec().toByteArray()));
    conf.set("mapreduce.framework.name", "local");
    conf.set("fs.defaultFS", "file:///");
    conf.set("hadoop.tmp.dir", scratch.resolve("hadoop").toString());
    conf.setInt("mapreduce.client.progress.monitor.pollinterval", 20);
    conf.setInt("mapreduce.client.completion.pollinterval", 20);
    conf.setLong("mapreduce.input.fileinputformat.split.maxsize", 400_000);
    conf.setInt("mapreduce.task.io.sort.mb", 1); // it spills
    if (recordLength > 0) {
      FixedLengthInputFormat.setRecordLength(conf, recordLength);
    }
    var on = org.apache.hadoop.mapreduce.Job.getInstance(conf, job.spec().getName());
    on.setInputFormatClass(recordLength > 0 ? FixedLengthInputFormat.class : TextInputFormat.class);
    on.setMapperClass(MapSide.class);
    on.setMapOutputKeyClass(BytesWritable.class);
    on.setMapOutputValueClass(BytesWritable.class);
    if (!job.spec().getCombiner().isEmpty()) {
      on.setCombinerClass(CombineSide.class);
    }
    on.setGroupingComparatorClass(SameGroup.class);
    on.setPartitionerClass(ByGroup.class);
    on.setReducerClass(ReduceSide.class);
    on.setNumReduceTasks(job.spec().getReducers());
    on.setOutputFormatClass(TextOutputFormat.class);
    on.setOutputKeyClass(Text.class);
    on.setOutputValueClass(Text.class);
    FileInputFormat.addInputPath(on, new Path(input.toUri()));
    java.nio.file.Path output = scratch.resolve("hadoop-out");
    FileOutputFormat.setOutputPath(on, new Path(output.toUri()));
    if (!on.waitForCompletion(false)) {
      throw new IllegalStateException("Hadoop's job failed: " + on.getStatus().getFailureInfo());
    }
    return new Answer(
        Parts.names(output).stream()
            .filter(name -> name.startsWith("part-"))
            .flatMap(name -> lines(output.resolve(name)).stream())
            .toList(),
        counter(on, org.apache.hadoop.mapreduce.TaskCounter.MAP_INPUT_RECORDS),
        counter(on, org.apache.hadoop.mapreduce.TaskCounter.MAP_OUTPUT_RECORDS),
        counter(on, org.apache.hadoop.mapreduce.TaskCounter.REDUCE_INPUT_RECORDS),
        counter(on, org.apache.hadoop.mapreduce.TaskCounter.REDUCE_INPUT_GROUPS));
  }

  private static List<String> lines(java.nio.file.Path file) {
    try {
      return java.nio.file.Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long counter(org.apache.hadoop.mapreduce.Job job, Enum<?> counter) throws IOException {
    return job.getCounters().findCounter(counter).getValue();
  }

  /** The job as a task finds it. Keys and values are of the types that the mapper names. */
  private record Resolved(ResolvedJob<?, ?, Object, Object, Object, Object> job) {
    @SuppressWarnings("unchecked")
    static Resolved of(Configuration conf) {
      try {
        JobSpec spec = JobSpec.parseFrom(Base64.getDecoder().decode(conf.get(SPEC)));
        return new Resolved(
            (ResolvedJob<?, ?, Object, Object, Object, Object>) ResolvedJob.of(spec, new Loaded()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    BytesWritable key(Object key) {
      return new BytesWritable(job.keyType().encode(key));
    }

    BytesWritable value(Object value) {
      return new BytesWritable(job.valueType().encode(value));
    }

    Object key(BytesWritable key) {
      return job.keyType().decode(key.getBytes(), 0, key.getLength());
    }

    Object value(BytesWritable value) {
      return job.valueType().decode(value.getBytes(), 0, value.getLength());
    }
  }

  private static final class Loaded implements JobClasses {
    @Override
    public <T> T create(String className, Class<T> kind) {
      try {
        var constructor = Class.forName(className).getDeclaredConstructor();
        constructor.setAccessible(true);
        return kind.cast(constructor.newInstance());
      } catch (ClassNotFoundException
          | NoSuchMethodException
          | InstantiationException
          | IllegalAccessException
          | InvocationTargetException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Hands what is emitted to Hadoop. */
  private static final class Emitting<K, V> extends TaskContext<Object, Object> {
    private final TaskInputOutputContext<?, ?, K, V> to;
    private final Function<Object, K> keys;
    private final Function<Object, V> values;

    Emitting(
        Resolved resolved,
        TaskInputOutputContext<?, ?, K, V> to,
        Function<Object, K> keys,
        Function<Object, V> values) {
      super(new JobFacts(resolved.job().spec(), new SideValues(Map.of())), new Tally());
      this.to = to;
      this.keys = keys;
      this.values = values;
    }

    @Override
    void take(Object key, Object value) {
      try {
        to.write(keys.apply(key), values.apply(value));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** The user's mapper. */
  static final class MapSide
      extends org.apache.hadoop.mapreduce.Mapper<LongWritable, Writable, BytesWritable, BytesWritable> {
    @Override
    public void run(Context context) throws IOException, InterruptedException {
      Resolved resolved = Resolved.of(context.getConfiguration());
      Mapper<Object, Object, Object, Object> mapper = resolved.job().mappers().getFirst();
      var emitting = new Emitting<>(resolved, context, resolved::key, resolved::value);
      new UserCode("mapper", mapper)
          .around(
              () -> mapper.setup(emitting),
              () -> mapAll(context, mapper, emitting),
              () -> mapper.cleanup(emitting));
    }

    private static void mapAll(
        org.apache.hadoop.mapreduce.Mapper<LongWritable, Writable, BytesWritable, BytesWritable>.Context
            context,
        Mapper<Object, Object, Object, Object> mapper,
        Emitting<BytesWritable, BytesWritable> emitting) {
      try {
        while (context.nextKeyValue()) {
          mapper.map(context.getCurrentKey().get(), record(context.getCurrentValue()), emitting);
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private static Object record(Writable value) {
      return value instanceof BytesWritable bytes ? bytes.copyBytes() : value.toString();
    }
  }

  /** The user's combiner, as often as Hadoop likes. */
  static final class CombineSide
      extends org.apache.hadoop.mapreduce.Reducer<
          BytesWritable, BytesWritable, BytesWritable, BytesWritable> {
    @Override
    protected void reduce(BytesWritable key, Iterable<BytesWritable> values, Context context)
        throws IOException, InterruptedException {
      Resolved resolved = Resolved.of(context.getConfiguration());
      Combiner<Object, Object> combiner = Objects.requireNonNull(resolved.job().combiner());
      Iterator<BytesWritable> all = values.iterator();
      Object folded = resolved.value(all.next());
      while (all.hasNext()) {
        folded = combiner.combine(resolved.key(key), folded, resolved.value(all.next()));
      }
      context.write(key, resolved.value(folded));
    }
  }

  /** The user's reducer. */
  static final class ReduceSide
      extends org.apache.hadoop.mapreduce.Reducer<BytesWritable, BytesWritable, Text, Text> {
    @Override
    public void run(Context context) throws IOException, InterruptedException {
      Resolved resolved = Resolved.of(context.getConfiguration());
      Reducer<Object, Object, Object, Object> reducer = resolved.job().reducer();
      var emitting = new Emitting<>(resolved, context, OnHadoop::text, OnHadoop::text);
      new UserCode("reducer", reducer)
          .around(
              () -> reducer.setup(emitting),
              () -> reduceAll(context, resolved, reducer, emitting),
              () -> reducer.cleanup(emitting));
    }

    private static void reduceAll(
        org.apache.hadoop.mapreduce.Reducer<BytesWritable, BytesWritable, Text, Text>.Context context,
        Resolved resolved,
        Reducer<Object, Object, Object, Object> reducer,
        Emitting<Text, Text> emitting) {
      try {
        while (context.nextKey()) {
          Object key = resolved.key(context.getCurrentKey());
          Iterator<BytesWritable> values = context.getValues().iterator();
          reducer.reduce(key, () -> decoded(resolved, values), emitting);
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private static Iterator<Object> decoded(Resolved resolved, Iterator<BytesWritable> values) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return values.hasNext();
        }

        @Override
        public Object next() {
          return resolved.value(values.next());
        }
      };
    }
  }

  /** As a line has it: what is bytes, in hexadecimal digits. */
  static Text text(Object of) {
    return new Text(of instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : of.toString());
  }

  /** Compares the part of keys that tells their group. */
  static final class SameGroup extends WritableComparator implements Configurable {
    private Configuration conf = new Configuration(false);
    private @Nullable KeyType<?> keys;

    SameGroup() {
      super(BytesWritable.class);
    }

    @Override
    public void setConf(Configuration conf) {
      this.conf = conf;
      keys = Resolved.of(conf).job().keyType();
    }

    @Override
    public Configuration getConf() {
      return conf;
    }

    @Override
    public int compare(byte[] left, int leftAt, int leftLength, byte[] right, int rightAt, int rightLength) {
      return Arrays.compareUnsigned(
          group(left, leftAt, leftLength), group(right, rightAt, rightLength));
    }

    private byte[] group(byte[] key, int at, int length) {
      int from = at + Integer.BYTES; // the length that a BytesWritable begins with
      int groupLength =
          Objects.requireNonNull(keys).groupLength(key, from, length - Integer.BYTES);
      return Arrays.copyOfRange(key, from, from + groupLength);
    }
  }

  /** Any partition will do that keeps groups together. */
  static final class ByGroup extends org.apache.hadoop.mapreduce.Partitioner<BytesWritable, BytesWritable>
      implements Configurable {
    private Configuration conf = new Configuration(false);
    private @Nullable KeyType<?> keys;

    @Override
    public void setConf(Configuration conf) {
      this.conf = conf;
      keys = Resolved.of(conf).job().keyType();
    }

    @Override
    public Configuration getConf() {
      return conf;
    }

    @Override
    public int getPartition(BytesWritable key, BytesWritable value, int partitions) {
      byte[] all = key.copyBytes();
      int length = Objects.requireNonNull(keys).groupLength(all, 0, all.length);
      return Math.floorMod(Arrays.hashCode(Arrays.copyOf(all, length)), partitions);
    }
  }
}
