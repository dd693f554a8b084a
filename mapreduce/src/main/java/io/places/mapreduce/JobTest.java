package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.Split;
import io.places.message.TypeArguments;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Runs a job in memory, for a test of its classes: 19 times, or 14 without a combiner and 7 without reducers, in one
 * thread, never with one map task alone if there are two records. It cuts the input at other places, shuffles the values of each key, takes other numbers of reducers, and
 * combines never, once, and many times. If the output is not the same each time, that is a {@link
 * BrokenAssumption}, which says what it depends on, and where it differs first.
 *
 * {@snippet :
 * var counted = JobTest.of(wordCount).lines("the cat", "the dog").run();
 * assertThat(counted.lines()).containsExactly("cat\t1", "dog\t1", "the\t2");
 * }
 *
 * <p>Nothing is written: the job's own output formats are not used. The input is what the test gives, else what
 * the job's own input format reads. Outputs are compared without regard to their order, by content: arrays by
 * their elements, records by their components, everything else by {@code equals}.
 *
 * <p>Arrays, and records of them and of single values, are given to each run as copies. Records that have a collection
 * or a record with type arguments in them are not copied, nor are objects of other classes: what one run changes in them,
 * the next one sees.
 *
 * <p>What is not put to the test: the formats, and whether classes bear several threads or lost workers.
 * Immutable; the methods answer changed copies.
 */
public final class JobTest {
  /** Where values come in any order, and are combined by chance, each is tried so often. */
  private static final int SHUFFLES = 4;

  private static final int REDUCERS = 2;

  private final Job job;
  private final List<RecordEntry> records;
  private final long seed;
  private final Alike alike;

  private JobTest(Job job, List<RecordEntry> records, long seed, Alike alike) {
    this.job = job;
    this.records = records;
    this.seed = seed;
    this.alike = alike;
  }

  /** A test of a job. */
  public static JobTest of(Job job) {
    return new JobTest(job, List.of(), 1, new Alike(0));
  }

  /**
   * Gives one more record, instead of those of the job's own input.
   *
   * @throws IllegalArgumentException if the job's first mapper takes records of other types
   */
  public JobTest record(Object key, Object value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "record");
    Class<?> mapper = firstMapper();
    Type[] types = TypeArguments.of(mapper, Mapper.class);
    check(mapper, "key", types[0], key);
    check(mapper, "record", types[1], value);
    List<RecordEntry> more = new ArrayList<>(records);
    more.add(new RecordEntry(key, value));
    return new JobTest(job, List.copyOf(more), seed, alike);
  }

  /** Gives more lines of text as records; the key of each is its offset in all of them. */
  public JobTest lines(String... lines) {
    JobTest all = this;
    long offset = 0;
    for (RecordEntry before : records) {
      offset += length(before.value());
    }
    for (String line : lines) {
      all = all.record(offset, line);
      offset += length(line);
    }
    return all;
  }

  private static long length(Object line) {
    return line.toString().getBytes(StandardCharsets.UTF_8).length + 1L;
  }

  /** Cuts, shuffles and combines in another way. The same seed does the same; 1 if not said. */
  public JobTest seed(long other) {
    return new JobTest(job, records, other, alike);
  }

  /**
   * Takes numbers of double in the output for the same if they differ by no more than this part of the greater
   * one: sums of such differ by rounding when they are added in another order. 0 if not said.
   */
  public JobTest sameWithin(double tolerance) {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException("a tolerance is 0 or more and below 1, not " + tolerance);
    }
    return new JobTest(job, records, seed, new Alike(tolerance));
  }

  /**
   * Runs the job in all these ways.
   *
   * @return the output of the first
   * @throws BrokenAssumption if another one has another output
   * @throws InputException if the test gives no records, and those of the job cannot be read
   * @throws TaskFailedException if one of the job's classes throws
   */
  public Output run() {
    List<RecordEntry> all = records.isEmpty() ? read() : records;
    return new Runs(all).run();
  }

  private List<RecordEntry> read() {
    JobSpec spec = job.spec();
    try {
      return MemoryInput.read(ResolvedJob.of(spec, classes(List.of(), Map.of())).input());
    } catch (IOException e) {
      throw new InputException("cannot read the input: " + e, e);
    }
  }

  private static TrialClasses classes(
      List<RecordEntry> records, Map<String, List<RecordEntry>> written) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? JobTest.class.getClassLoader() : context;
    return new TrialClasses(loader, records, written);
  }

  private Class<?> firstMapper() {
    JobSpec spec = job.spec();
    String name = spec.getPipesCount() > 0 ? spec.getPipes(0) : spec.getMapper();
    return classes(List.of(), Map.of()).create(name, Mapper.class).getClass();
  }

  private static void check(Class<?> mapper, String what, Type type, Object value) {
    Type raw = type instanceof ParameterizedType of ? of.getRawType() : type;
    if (raw instanceof Class<?> expected && !expected.isInstance(value)) {
      throw new IllegalArgumentException(
          "mapper %s takes a %s of %s, not of %s: %s"
              .formatted(
                  mapper.getName(),
                  what,
                  expected.getName(),
                  value.getClass().getName(),
                  Quoted.of(value)));
    }
  }

  /** What a job has written and counted. */
  public static final class Output {
    private static final Comparator<RecordEntry> ORDER =
        Comparator.comparing((RecordEntry pair) -> Alike.text(pair.key()))
            .thenComparing(pair -> Alike.text(pair.value()));

    private final Map<String, List<RecordEntry>> pairs;
    private final Counters counters;

    private Output(Map<String, List<RecordEntry>> pairs, Counters counters) {
      pairs.values().forEach(list -> list.sort(ORDER));
      this.pairs = pairs;
      this.counters = counters;
    }

    /** The pairs of the main output as lines of key, tab and value, sorted. */
    public List<String> lines() {
      return of(PartWriters.MAIN).stream()
          .map(pair -> Alike.text(pair.key()) + "\t" + Alike.text(pair.value()))
          .toList();
    }

    /**
     * The pairs of the main output, in the order of their lines.
     *
     * @throws ClassCastException if they are of other classes
     */
    public <K, V> List<Map.Entry<K, V>> pairs(Class<K> keys, Class<V> values) {
      return typed(of(PartWriters.MAIN), keys, values);
    }

    /** The pairs of another output, as for the main one. */
    public <K, V> List<Map.Entry<K, V>> pairs(
        NamedOutput<K, V> output, Class<K> keys, Class<V> values) {
      return typed(of(output.name()), keys, values);
    }

    /** What was counted. */
    public Counters counters() {
      return counters;
    }

    private static <K, V> List<Map.Entry<K, V>> typed(
        List<RecordEntry> pairs, Class<K> keys, Class<V> values) {
      return pairs.stream()
          .map(pair -> Map.entry(keys.cast(pair.key()), values.cast(pair.value())))
          .toList();
    }

    private List<RecordEntry> of(String output) {
      return pairs.getOrDefault(output, List.of());
    }
  }

  /** All the runs of one test. */
  private final class Runs {
    private final List<RecordEntry> input;
    private final JobSpec spec = TrialClasses.inMemory(job.spec());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Trial.Way plain;
    private final Output expected;

    Runs(List<RecordEntry> input) {
      this.input = input;
      TreeSet<Integer> middle = new TreeSet<>(List.of(input.size() / 2));
      int reducers = spec.getReducers() == 0 ? 0 : REDUCERS;
      plain =
          new Trial.Way(
              MemoryInput.cut(input.size(), middle), reducers, Trial.Combining.NONE, false);
      expected = output(plain);
    }

    Output run() {
      compare(Assumption.SAME_AGAIN, "the same again", plain);
      compare(Assumption.SPLITS, "a split for each record", plain.splits(eachAlone()));
      for (int i = 0; i < SHUFFLES; i++) {
        Trial.Way cut = plain.splits(cutByChance());
        compare(Assumption.SPLITS, "splits of " + sizes(cut.splits()) + " records", cut);
      }
      if (plain.reducers() == 0) {
        return expected;
      }
      for (int i = 0; i < SHUFFLES; i++) {
        compare(Assumption.VALUE_ORDER, "equal keys shuffled", plain.inRandomOrder());
      }
      for (int reducers : new int[] {1, REDUCERS + 1, 3 * REDUCERS + 1}) {
        compare(Assumption.REDUCERS, reducers + " reducers", plain.reducers(reducers));
      }
      if (!spec.getCombiner().isEmpty()) {
        compare(
            Assumption.COMBINING,
            "each map task's values combined once",
            plain.combining(Trial.Combining.ONCE));
        for (int i = 0; i < SHUFFLES; i++) {
          compare(
              Assumption.COMBINING,
              "values combined many times",
              plain.splits(cutByChance()).combining(Trial.Combining.MANY));
        }
      }
      return expected;
    }

    private Output output(Trial.Way way) {
      Map<String, List<RecordEntry>> written = MemoryOutput.newPairs();
      Counters counters =
          Trial.run(
              spec, classes(input, written), new SideValues(job.side()), way, random.split());
      return new Output(written, counters);
    }

    private void compare(Assumption assumption, String how, Trial.Way way) {
      Output found = output(way);
      Stream.concat(expected.pairs.keySet().stream(), found.pairs.keySet().stream())
          .distinct()
          .forEach(name -> compare(assumption, how, name, expected.of(name), found.of(name)));
    }

    private void compare(
        Assumption assumption,
        String how,
        String output,
        List<RecordEntry> plainly,
        List<RecordEntry> found) {
      for (int i = 0; i < Math.max(plainly.size(), found.size()); i++) {
        if (i < plainly.size() && i < found.size() && same(plainly.get(i), found.get(i))) {
          continue;
        }
        if (match(plainly, found)) {
          return;
        }
        throw new BrokenAssumption(
            assumption,
            job.spec().getName(),
            "First difference%s: %s with %s, %s with %d splits, %d reducers and no combiner. %d records, seed %d"
                .formatted(
                    output.isEmpty() ? "" : " in output '" + output + "'",
                    pair(found, i),
                    how,
                    pair(plainly, i),
                    plain.splits().size(),
                    plain.reducers(),
                    input.size(),
                    seed));
      }
    }

    /** Whether each pair has one of its own that is the same: numbers that differ by rounding may sort otherwise. */
    private boolean match(List<RecordEntry> plainly, List<RecordEntry> found) {
      List<RecordEntry> left = new ArrayList<>(found);
      for (RecordEntry pair : plainly) {
        int at = 0;
        while (at < left.size() && !same(pair, left.get(at))) {
          at++;
        }
        if (at == left.size()) {
          return false;
        }
        left.remove(at);
      }
      return left.isEmpty();
    }

    private boolean same(RecordEntry left, RecordEntry right) {
      return alike.are(left.key(), right.key()) && alike.are(left.value(), right.value());
    }

    private static String pair(List<RecordEntry> pairs, int at) {
      if (at >= pairs.size()) {
        return "nothing more";
      }
      RecordEntry pair = pairs.get(at);
      return "(%s, %s)".formatted(Quoted.of(Alike.text(pair.key())), Quoted.of(Alike.text(pair.value())));
    }

    private List<Split> eachAlone() {
      TreeSet<Integer> borders = new TreeSet<>();
      for (int i = 1; i < input.size(); i++) {
        borders.add(i);
      }
      return MemoryInput.cut(input.size(), borders);
    }

    private List<Split> cutByChance() {
      TreeSet<Integer> borders = new TreeSet<>();
      if (input.size() > 1) {
        int count = 1 + random.nextInt(Math.min(input.size(), 8));
        for (int i = 0; i < count; i++) {
          borders.add(1 + random.nextInt(input.size() - 1));
        }
      }
      return MemoryInput.cut(input.size(), borders);
    }

    private static String sizes(List<Split> splits) {
      List<Long> sizes = splits.stream().map(Split::getBytes).toList();
      return sizes.size() == 1 ? sizes.getFirst().toString() : sizes.toString();
    }
  }
}
