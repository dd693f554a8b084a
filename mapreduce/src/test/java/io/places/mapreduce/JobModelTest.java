package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.places.PlaceInterruptedException;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import io.places.node.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinds of jobs there are beyond map, combine and reduce: on a group of nodes in this JVM. */
class JobModelTest {
  private static Workers group;
  private static Workers processes;

  @TempDir private Path folder;
  private Path input;
  private Path output;

  @BeforeAll
  static void startGroup() {
    group = Workers.launch(2, Node.inThisJvm(), JobModelTest.class.getPackageName());
    processes = Workers.processes(2, JobModelTest.class.getPackageName());
  }

  @AfterAll
  static void endGroup() {
    group.close();
    processes.close();
  }

  @BeforeEach
  void makeFolders() throws IOException {
    input = Files.createDirectory(folder.resolve("in"));
    output = folder.resolve("out");
  }

  record Reading(String station, int year, double celsius) {}

  static final class ReadReading implements Mapper<Long, String, Reading, Double> {
    @Override
    public void map(Long offset, String line, Context<Reading, Double> context) {
      String[] fields = line.split(",", -1);
      double celsius = Double.parseDouble(fields[2]);
      context.emit(new Reading(fields[0], Integer.parseInt(fields[1]), celsius), celsius);
    }
  }

  /** Counts in which process it is. */
  static final class ReadReadingHere implements Mapper<Long, String, Reading, Double> {
    private final ReadReading read = new ReadReading();

    @Override
    public void map(Long offset, String line, Context<Reading, Double> context) {
      context.count("mapped in process " + ProcessHandle.current().pid(), 1);
      read.map(offset, line, context);
    }
  }

  static final class HottestFirst implements KeyOrder<Reading> {
    @Override
    public void order(Reading key, SortKey by) {
      by.ascending(key.station()).endGroup().descending(key.celsius());
    }
  }

  /** Emits the first value, and fails if a later one is greater. */
  static final class FirstIsGreatest implements Reducer<Reading, Double, String, Double> {
    @Override
    public void reduce(Reading key, Iterable<Double> values, Context<String, Double> context) {
      double last = key.celsius();
      for (double value : values) {
        if (value > last) {
          throw new IllegalStateException(value + " came after " + last);
        }
        last = value;
      }
      context.emit(key.station(), key.celsius());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKeyOrderSortsWithinGroupsThatComeFromSeveralWorkers(boolean ofProcesses)
      throws IOException {
    Random random = Seeds.random();
    Map<String, Double> hottest = new TreeMap<>();
    for (int file = 0; file < 4; file++) {
      List<String> lines = new ArrayList<>();
      for (int line = 0; line < 500; line++) {
        String station = "s" + random.nextInt(20);
        double celsius = random.nextInt(-400, 400) / 10.0;
        lines.add(station + "," + random.nextInt(1900, 2000) + "," + celsius);
        hottest.merge(station, celsius, Math::max);
      }
      Files.write(input.resolve("file-" + file), lines);
    }
    Job job =
        Job.named("hottest")
            .input(LinesOfEachFile.in(input))
            .map(ReadReadingHere.class)
            .order(HottestFirst.class)
            .reduce(FirstIsGreatest.class)
            .reducers(3)
            .output(TextOutput.to(output));
    JobReport report = (ofProcesses ? processes : group).run(job, JobListener.NONE);

    Map<String, Double> found = new TreeMap<>();
    Parts.sorted(output)
        .forEach(
            line -> {
              String[] fields = line.split("\t", -1);
              assertThat(found.put(fields[0], Double.valueOf(fields[1]))).isNull();
            });
    assertThat(found).isEqualTo(hottest);
    assertThat(report.counters().get(TaskCounter.REDUCE_INPUT_RECORDS)).isEqualTo(2_000);
    assertThat(report.counters().asMap().keySet().stream().filter(name -> name.startsWith("mapped in")))
        .hasSize(ofProcesses ? 2 : 1);
  }

  private static final NamedOutput<String, Long> RARE = new NamedOutput<>("rare");

  /** Hands all on, and then fails once in a job. */
  static final class FailsOnce implements Mapper<Long, String, Long, String> {
    @Override
    public void map(Long offset, String line, Context<Long, String> context) {
      context.emit(offset, line);
    }

    @Override
    public void cleanup(Context<Long, String> context) {
      if (Marks.first(context, "map")) {
        throw new IllegalStateException("the first time");
      }
    }
  }

  /** Writes to two outputs, and then fails once in a job. */
  static final class SortOutAndFailOnce implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
      long count = 0;
      for (long one : counts) {
        count += one;
      }
      if (count == 1) {
        context.emit(RARE, word, count);
      } else {
        context.emit(word, count);
      }
    }

    @Override
    public void cleanup(Context<String, Long> context) {
      if (Marks.first(context, "reduce")) {
        throw new IllegalStateException("the first time");
      }
    }
  }

  /** Takes apart what the job before has written. */
  static final class SortOutLines implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      String[] fields = line.split("\t", -1);
      long count = Long.parseLong(fields[1]);
      if (count > 0) {
        context.emit(RARE, fields[0], count);
      } else {
        context.emit(fields[0], -count);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jobsWithPipesAndSeveralOutputsFollowEachOtherThoughTasksFail(boolean ofProcesses)
      throws IOException {
    Workers workers = ofProcesses ? processes : group;
    for (int file = 0; file < 4; file++) {
      Files.writeString(input.resolve("file-" + file), "Often OFTEN\noften rare" + file);
    }
    Path rare = folder.resolve("rare");
    JobReport first =
        workers.run(
            Job.named("map, map, map, reduce, map")
                .input(LinesOfEachFile.in(input))
                .pipe(FailsOnce.class)
                .pipe(PipesAndOutputsTest.Lower.class)
                .map(PipesAndOutputsTest.SplitLine.class)
                .combine(Words.Sum.class)
                .reduce(SortOutAndFailOnce.class)
                .reducers(2)
                .pipe(PipesAndOutputsTest.Negate.class)
                .parameter(Marks.FOLDER, marks("first"))
                .alsoOutput(RARE, TextOutput.to(rare))
                .output(TextOutput.to(output)),
            JobListener.NONE);

    assertThat(Parts.sorted(output)).containsExactly("end\t-4", "lines\t-12", "often\t-12");
    assertThat(Parts.sorted(rare)).containsExactly("rare0\t1", "rare1\t1", "rare2\t1", "rare3\t1");
    assertThat(Parts.names(rare)).containsExactly("part-r-00000", "part-r-00001");
    assertThat(first.counters().get(TaskCounter.OUTPUT_RECORDS)).isEqualTo(7);
    assertThat(first.faults().failedMaps()).isEqualTo(1);
    assertThat(first.faults().failedReduces()).isEqualTo(1);

    Path outputAgain = folder.resolve("out-again");
    Path rareAgain = outputAgain.resolve("rare");
    JobReport second =
        workers.run(
            Job.named("map, map")
                .input(TextLines.of(output, rare))
                .splitBytes(8)
                .pipe(FailsOnce.class)
                .mapOnly(SortOutLines.class)
                .parameter(Marks.FOLDER, marks("second"))
                .alsoOutput(RARE, TextOutput.to(rareAgain))
                .output(TextOutput.to(outputAgain)),
            JobListener.NONE);

    assertThat(second.maps()).isGreaterThan(3);
    assertThat(second.faults().failedMaps()).isEqualTo(1);
    assertThat(Parts.sorted(rareAgain)).isEqualTo(Parts.sorted(rare));
    Files.move(rareAgain, folder.resolve("rare-again"));
    assertThat(Parts.sorted(outputAgain)).containsExactly("end\t4", "lines\t12", "often\t12");
    assertThat(second.counters().get(TaskCounter.OUTPUT_RECORDS)).isEqualTo(7);
  }

  private String marks(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name)).toString();
  }

  /** An input that cannot be cut: its file is gone, or it is read by a thread that is interrupted. */
  static final class CannotBeCut implements InputFormat<Long, String> {
    private static final String INTERRUPTED = "interrupted";

    private boolean interrupted;

    static CannotBeCut because(boolean interrupted) {
      CannotBeCut format = new CannotBeCut();
      format.interrupted = interrupted;
      return format;
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of(INTERRUPTED, Boolean.toString(interrupted));
    }

    @Override
    public void configure(Map<String, String> parameters) {
      interrupted = Boolean.parseBoolean(parameters.get(INTERRUPTED));
    }

    @Override
    public List<Split> splits(int workers) throws IOException {
      if (interrupted) {
        Thread.currentThread().interrupt(); // as another one may at any time
      }
      Path file = interrupted ? Path.of(System.getProperty("java.home"), "release") : Path.of("/gone");
      try (var channel = Files.newByteChannel(file)) {
        return List.of(Split.newBuilder().setBytes(channel.read(ByteBuffer.allocate(1))).build());
      }
    }

    @Override
    public RecordReader<Long, String> open(Split split) throws IOException {
      return new TextLines().open(split);
    }
  }

  private Job cannotBeCut(boolean interrupted) {
    return Job.named("cannot be cut")
        .input(CannotBeCut.because(interrupted))
        .map(Words.Split.class)
        .reduce(Words.Total.class)
        .output(TextOutput.to(output));
  }

  @Test
  void whatGoesWrongWhereTheInputIsCutIsSaidOfTheInput() {
    assertThatThrownBy(() -> group.run(cannotBeCut(false), JobListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessage("job 'cannot be cut': cannot read the input: java.nio.file.NoSuchFileException: /gone");
    assertThatThrownBy(() -> group.run(cannotBeCut(true), JobListener.NONE))
        .isInstanceOf(PlaceInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(output).doesNotExist();
  }

  static final class ParseNumber implements Mapper<Long, String, Long, String> {
    @Override
    public void map(Long offset, String line, Context<Long, String> context) {
      context.emit(Long.valueOf(line), "");
    }
  }

  static final class EmitAll implements Reducer<Long, String, Long, String> {
    @Override
    public void reduce(Long key, Iterable<String> values, Context<Long, String> context) {
      values.forEach(value -> context.emit(key, value));
    }
  }

  private static Job.Mapped<Long, String> numbers(Path input) {
    return Job.named("sort").input(LinesOfEachFile.in(input)).map(ParseNumber.class);
  }

  @Test
  void rangesSortTheWholeOutputAndShareItOutEvenly() throws IOException {
    Random random = Seeds.random();
    List<Long> all = new ArrayList<>();
    for (int file = 0; file < 5; file++) {
      List<String> lines = new ArrayList<>();
      for (int line = 0; line < 4_000; line++) {
        long number = Math.round(random.nextGaussian() * 1e6); // far from even by itself
        all.add(number);
        lines.add(Long.toString(number));
      }
      Files.write(input.resolve("file-" + file), lines);
    }
    int reducers = 4;
    Job job =
        numbers(input).ranges().reduce(EmitAll.class).reducers(reducers).output(TextOutput.to(output));
    group.run(job, JobListener.NONE);

    List<Long> found = new ArrayList<>();
    for (int part = 0; part < reducers; part++) {
      List<String> lines = Parts.lines(output, part);
      assertThat(lines).hasSizeBetween(20_000 / reducers / 2, 20_000 * 2 / reducers);
      lines.forEach(line -> found.add(Long.valueOf(line.strip())));
    }
    Collections.sort(all);
    assertThat(found).isEqualTo(all);
  }

  @Test
  void rangesBearEqualKeysAndNoKeysAtAll() throws IOException {
    Files.write(input.resolve("equal"), Collections.nCopies(1_000, "7"));
    group.run(
        numbers(input).ranges().reduce(EmitAll.class).reducers(5).output(TextOutput.to(output)),
        JobListener.NONE);
    assertThat(Parts.sorted(output)).hasSize(1_000);

    Path empty = Files.createDirectory(folder.resolve("empty"));
    Files.createFile(empty.resolve("file"));
    Path nothing = folder.resolve("nothing");
    group.run(
        numbers(empty).ranges().reduce(EmitAll.class).reducers(5).output(TextOutput.to(nothing)),
        JobListener.NONE);
    assertThat(Parts.names(nothing)).hasSize(5);
    assertThat(Parts.sorted(nothing)).isEmpty();
  }

  /** Emits a thousand keys for each record, as one does for whose records are blocks of text. */
  static final class ManyKeys implements Mapper<Long, String, Long, String> {
    private static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public void map(Long offset, String line, Context<Long, String> context) {
      CALLS.incrementAndGet();
      for (long i = 0; i < 1_000; i++) {
        context.emit(offset * i, "");
      }
    }
  }

  @Test
  void theSampleForRangesEndsWhenThereAreEnoughKeys() throws IOException {
    Files.write(input.resolve("lines"), Collections.nCopies(500, "line"));
    ManyKeys.CALLS.set(0);
    group.run(
        Job.named("ranges")
            .input(LinesOfEachFile.in(input))
            .map(ManyKeys.class)
            .ranges()
            .reduce(EmitAll.class)
            .reducers(2)
            .output(TextOutput.to(output)),
        JobListener.NONE);
    assertThat(ManyKeys.CALLS.get()).isBetween(501, 520);
    assertThat(Parts.sorted(output)).hasSize(500_000);
  }

  /** Emits, in their order, more keys of one record than anybody wants to look at. */
  static final class AllKeysAtOnce implements Mapper<Long, String, Long, String> {
    static final int COUNT = 200_000;

    @Override
    public void map(Long offset, String line, Context<Long, String> context) {
      for (long i = 0; i < COUNT; i++) {
        context.emit(i, "");
      }
    }
  }

  @Test
  void ofARecordWithManyKeysTheSampleForRangesHasSomeOfEachSort() throws IOException {
    Files.writeString(input.resolve("file"), "line");
    Job job =
        Job.named("ranges")
            .input(LinesOfEachFile.in(input))
            .map(AllKeysAtOnce.class)
            .ranges()
            .reduce(EmitAll.class)
            .output(TextOutput.to(output));
    var resolved = ResolvedJob.of(job.spec(), ClassPath.CLASSES);
    List<byte[]> sample = KeySample.of(resolved, resolved.input().splits(1));

    assertThat(sample).hasSize(10_000);
    List<Long> keys =
        sample.stream().map(key -> (Long) KeyType.of(Long.class).decode(key, 0, 8)).sorted().toList();
    for (int tenth = 1; tenth < 10; tenth++) {
      assertThat((double) keys.get(tenth * 1_000))
          .isCloseTo(tenth * AllKeysAtOnce.COUNT / 10.0, within(AllKeysAtOnce.COUNT / 20.0));
    }
  }

  @Test
  void rangesAndAPartitionerExcludeEachOther() {
    assertThatThrownBy(() -> numbers(input).partition(Zero.class).ranges())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a job has either ranges or a partitioner, not both");
    assertThatThrownBy(() -> numbers(input).ranges().partition(Zero.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static final class Zero implements Partitioner<Long> {
    @Override
    public int partition(Long key, int partitions) {
      return 0;
    }
  }

  /** Its values could not travel: they need not. */
  static final class Upper implements Mapper<Long, String, Long, StringBuilder> {
    @Override
    public void map(Long offset, String line, Context<Long, StringBuilder> context) {
      if (context.findParameter(Marks.FOLDER).isPresent() && Marks.first(context, "failure")) {
        context.emit(-1L, new StringBuilder("of an attempt that fails"));
        throw new IllegalStateException("the first time");
      }
      context.emit(offset, new StringBuilder(line.toUpperCase(java.util.Locale.ROOT)));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // ballast, never compared
  record Table(Map<String, Integer> numbers, byte[] ballast) {}

  private static final SideData<Table> TABLE = new SideData<>("table", Table.class);

  /** Counts by the table's object in which JVM the record was mapped. */
  static final class LookUp implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      Table table = context.side(TABLE);
      context.count("table " + System.identityHashCode(table), 1);
      context.emit(line, (long) table.numbers().getOrDefault(line, -1) + table.ballast().length);
    }
  }

  @Test
  void sideDataReachesEachWorkerOnceAndAllItsTasksShareIt() throws IOException {
    for (int file = 0; file < 10; file++) {
      Files.writeString(input.resolve("file-" + file), "one\ntwo\n");
    }
    Job job =
        Job.named("look up")
            .input(LinesOfEachFile.in(input))
            .map(LookUp.class)
            .reduce(Words.Total.class)
            .output(TextOutput.to(output))
            .side(TABLE, new Table(Map.of("one", 1, "two", 2), new byte[1_000_000]));
    JobReport report = group.run(job, JobListener.NONE);

    assertThat(report.maps()).isEqualTo(10);
    assertThat(Parts.lines(output, 0)).containsExactly("one\t10000010", "two\t10000020");
    assertThat(report.counters().asMap().keySet().stream().filter(name -> name.startsWith("table ")))
        .hasSizeBetween(1, 2);
    assertThat(job.spec().getSideDataMap()).containsEntry("table", Table.class.getName());
  }

  @Test
  void sideDataThatWasNotGivenIsNamed() throws IOException {
    Files.writeString(input.resolve("file"), "one");
    Job job =
        Job.named("look up")
            .input(LinesOfEachFile.in(input))
            .map(LookUp.class)
            .reduce(Words.Total.class)
            .output(TextOutput.to(output));

    assertThatThrownBy(() -> group.run(job, JobListener.NONE))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("the job has no side data 'table'; it has []: give it with .side");
    Job given = job.side(TABLE, new Table(Map.of(), new byte[0]));
    assertThatThrownBy(() -> given.side(TABLE, new Table(Map.of(), new byte[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the side data 'table' was given before");
  }

  @Test
  void aJobWithoutReducersWritesWhatItsMappersEmitInTheirOrder() throws IOException {
    Files.writeString(input.resolve("a"), "x\nb\n");
    Files.writeString(input.resolve("b"), "c");
    JobReport report =
        group.run(
            Job.named("upper")
                .input(LinesOfEachFile.in(input))
                .mapOnly(Upper.class)
                .output(TextOutput.to(output)),
            JobListener.NONE);

    assertThat(Parts.names(output)).containsExactly("part-m-00000", "part-m-00001");
    assertThat(Files.readString(output.resolve("part-m-00000"))).isEqualTo("0\tX\n2\tB\n");
    assertThat(Files.readString(output.resolve("part-m-00001"))).isEqualTo("0\tC\n");
    assertThat(report.counters().get(TaskCounter.OUTPUT_RECORDS)).isEqualTo(3);
    assertThat(report.counters().get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(3);
    assertThat(report.reduces()).isZero();
  }

  @Test
  void aJobWithoutReducersCommitsOneAttemptOfEachTask() throws IOException {
    Files.writeString(input.resolve("a"), "x\n");
    JobReport report =
        group.run(
            Job.named("upper")
                .input(LinesOfEachFile.in(input))
                .mapOnly(Upper.class)
                .parameter(Marks.FOLDER, folder.toString())
                .output(TextOutput.to(output)),
            JobListener.NONE);

    assertThat(report.faults().failedMaps()).isEqualTo(1);
    assertThat(Parts.sorted(output)).containsExactly("0\tX");
    assertThat(report.counters().get(TaskCounter.OUTPUT_RECORDS)).isEqualTo(1);
  }
}
