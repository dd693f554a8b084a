package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.MessageNotAllowedException;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.ProtocolException;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What user classes see and do within map and reduce tasks, and what they may do wrong. */
class TasksTest {
  @TempDir Path folder;
  private Path input;
  private Path output;

  @BeforeEach
  void makeInput() throws IOException {
    input = folder.resolve("in.txt");
    output = folder.resolve("out");
    Files.writeString(input, "one two\none\n");
  }

  @Test
  void aSecondIterationOverTheValuesThrows() {
    assertThatThrownBy(() -> run(IteratesTwice.class))
        .isInstanceOf(TaskFailedException.class)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasMessage(
            "reducer io.places.mapreduce.TasksTest$IteratesTwice failed on key 'one':"
                + " java.lang.IllegalStateException: the values of key 'one' were iterated before:"
                + " they are streamed, so they can be read only once; keep them in a list, or do"
                + " all the work in one loop");
  }

  @Test
  void anIteratorKeptBeyondItsCallThrows() {
    assertThatThrownBy(() -> run(KeepsIterator.class))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageEndingWith("the values of key 'one' can be read only until reduce returns");
  }

  @Test
  void valuesLeftUnreadAreSkippedAndCounted() throws IOException {
    Counters counters = run(ReadsNothing.class);

    assertThat(Parts.lines(output, 0)).containsExactly("one\t0", "two\t0");
    assertThat(counters.get(TaskCounter.REDUCE_INPUT_RECORDS)).isEqualTo(3);
  }

  @Test
  void valuesKeptByTheReducerStayWhatTheyWere() throws IOException {
    run(
        Job.named("bytes")
            .input(TextLines.of(input))
            .map(LengthAsBytes.class)
            .reduce(KeepsBytes.class)
            .output(TextOutput.to(output)));

    assertThat(Parts.lines(output, 0)).containsExactly("lengths\t[3, 7]");
  }

  @Test
  void anExceptionOfTheMapperNamesTheRecord() {
    assertThatThrownBy(() -> map(FailsOnSecond.class))
        .isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(IOException.class)
        .hasMessage(
            "mapper io.places.mapreduce.TasksTest$FailsOnSecond failed on record "
                + input
                + " at byte 8 ('one'):"
                + " java.io.IOException: no more");
  }

  /** As a stack that overflows does, or a class that cannot be made ready. */
  static final class FailsWithAnError implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      throw new StackOverflowError();
    }
  }

  @Test
  void anErrorOfTheMapperNamesTheRecordToo() {
    assertThatThrownBy(() -> map(FailsWithAnError.class))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageEndingWith("at byte 0 ('one two'): java.lang.StackOverflowError");
  }

  static final class FillsTheHeap implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      throw new OutOfMemoryError("as if");
    }
  }

  @Test
  void aMapperForWhichMemoryRanOutNamesTheRecordAndSaysWhatToDo() {
    assertThatThrownBy(() -> map(FillsTheHeap.class))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("FillsTheHeap failed on record " + input + " at byte 0 ('one two'): memory ran out, ")
        .hasMessageEndingWith(
            "OutOfMemoryError: as if; give each worker more by its launcher's jvmOption(\"-Xmx...\"), or fewer"
                + " tasks at a time by WorkerOptions");
  }

  @Test
  void cleanupIsCalledAfterAFailureAndItsOwnFailureIsKept() {
    assertThatThrownBy(() -> map(FailsInCleanupToo.class))
        .hasMessageEndingWith("at byte 0 ('one two'): java.lang.IllegalStateException: first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1))
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("second"));
  }

  static final class FailsInCleanupByAnError implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      throw new IllegalStateException("first");
    }

    @Override
    public void cleanup(Context<String, Long> context) {
      throw new AssertionError("second");
    }
  }

  @Test
  void anErrorInCleanupDoesNotHideWhatFailedBefore() {
    assertThatThrownBy(() -> map(FailsInCleanupByAnError.class))
        .hasMessageEndingWith("at byte 0 ('one two'): java.lang.IllegalStateException: first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1))
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("second"));
  }

  @Test
  void aPartitionOutOfBoundsNamesClassKeyValueAndBound() {
    Job job =
        Words.mapped(input)
            .partition(LengthPartitioner.class)
            .reduce(Words.Total.class)
            .reducers(3)
            .output(TextOutput.to(output));

    assertThatThrownBy(() -> run(job))
        .isInstanceOf(TaskFailedException.class)
        .hasMessage(
            "mapper io.places.mapreduce.Words$Split failed on record "
                + input
                + " at byte 0 ('one two'):"
                + " java.lang.IllegalArgumentException: partitioner"
                + " io.places.mapreduce.TasksTest$LengthPartitioner put the key 'one' into"
                + " partition 3; with 3 reducers it must answer 0 to 2");
  }

  @Test
  void aPartitionerDecidesWhichReducerGetsAKey() throws IOException {
    Job job =
        Words.mapped(input)
            .partition(LengthPartitioner.class)
            .reduce(Words.Total.class)
            .reducers(4)
            .output(TextOutput.to(output));
    run(job);

    assertThat(Parts.lines(output, 3)).containsExactly("one\t2", "two\t1");
  }

  @Test
  void aRefusedPairFailsTheTaskEvenIfTheMapperCatchesThat() {
    assertThatThrownBy(() -> map(CatchesRefusal.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("emit with a null value: a pair has both key and value");
  }

  @Test
  void aCombinerThatAnswersNullIsNamed() {
    Job job =
        Words.mapped(input)
            .combine(AnswersNull.class)
            .reduce(Words.Total.class)
            .output(TextOutput.to(output));

    assertThatThrownBy(() -> run(job))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageEndingWith(
            "combiner io.places.mapreduce.TasksTest$AnswersNull answered null for two values of key"
                + " 'one': it must answer one value for both");
  }

  static final class EmitsText implements Mapper<Long, String, String, String> {
    @Override
    public void map(Long offset, String line, Context<String, String> context) {
      context.emit("key", line);
    }
  }

  static final class RefusesText implements Combiner<String, String> {
    @Override
    public String combine(String key, String left, String right) {
      throw new IllegalStateException("not these two");
    }
  }

  @Test
  void aCombinerThatThrowsAtTheEndOfAMapTaskIsNamedWithItsKey() {
    Job job =
        Job.named("test")
            .input(TextLines.of(input))
            .map(EmitsText.class)
            .combine(RefusesText.class)
            .reduce(ReadsNothingOfStrings.class)
            .output(TextOutput.to(output));

    assertThatThrownBy(() -> run(job))
        .isInstanceOf(TaskFailedException.class)
        .hasMessage(
            "combiner io.places.mapreduce.TasksTest$RefusesText failed on key 'key':"
                + " java.lang.IllegalStateException: not these two");
  }

  @Test
  void theEnginesCountersAreNotForUsers() {
    assertThatThrownBy(() -> map(CountsRecords.class))
        .hasMessageEndingWith(
            "the counter 'map input records' is kept by the engine: choose another name");
  }

  @Test
  void aValueThatMayNotTravelIsRefusedWhereItIsEmitted() {
    Job job =
        Job.named("bad text")
            .input(TextLines.of(input))
            .map(EmitsHalfCharacters.class)
            .reduce(ReadsNothingOfStrings.class)
            .output(TextOutput.to(output));

    assertThatThrownBy(() -> run(job))
        .isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(MessageNotAllowedException.class);
  }

  @Test
  void anInterruptStopsAMapTaskAndStaysSet() {
    ResolvedJob<?, ?, ?, ?, ?, ?> job = resolve(Words.job(input, output));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> job.mapTask(Memory.ample(), TaskListener.NONE).run(onlySplit(job)))
        .isInstanceOf(PlaceInterruptedException.class)
        .hasMessage("the task was stopped");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptStopsAReduceTaskInTheMiddleOfAGroup() throws IOException {
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        resolve(Words.mapped(input).reduce(InterruptsItself.class).output(TextOutput.to(output)));
    job.committer().begin();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      pairs.add(new Pair("same", ""));
    }

    assertThatThrownBy(() -> reduce(job, Pair.reader(Pair.run(pairs))))
        .isInstanceOf(PlaceInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aMapTaskReportsAllThatItReads() throws IOException {
    Files.writeString(input, "word word word\n".repeat(60_000));
    ResolvedJob<?, ?, ?, ?, ?, ?> job = resolve(Words.job(input, output));
    List<Long> bytes = new ArrayList<>();
    List<Long> records = new ArrayList<>();
    Split split = onlySplit(job);
    job.mapTask(
            Memory.ample(),
            (b, r) -> {
              bytes.add(b);
              records.add(r);
            })
        .run(split);

    assertThat(bytes.stream().mapToLong(Long::longValue).sum()).isEqualTo(split.getBytes());
    assertThat(records.stream().mapToLong(Long::longValue).sum()).isEqualTo(60_000);
    assertThat(bytes).hasSizeGreaterThan(2);
  }

  @Test
  void aShuffleThatFailsIsNotTakenForAFailureOfTheReducer() throws IOException {
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        resolve(Words.mapped(input).reduce(Words.Total.class).output(TextOutput.to(output)));
    job.committer().begin();
    MemoryRun run = Pair.run(List.of(new Pair("a", ""), new Pair("a", "")));
    Iterator<byte[]> rest = run.chunks().iterator();
    RunReader lost =
        new RunReader(
            false,
            () -> {
              if (rest.hasNext()) {
                byte[] chunk = rest.next();
                return Arrays.copyOf(chunk, chunk.length - 3);
              }
              throw new NodeLostException("node-2 is gone");
            },
            "of node-2");

    assertThatThrownBy(() -> reduce(job, lost))
        .isInstanceOf(NodeLostException.class)
        .hasMessage("node-2 is gone");
  }

  @Test
  void aDamagedValueIsNamed() throws IOException {
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        resolve(Words.mapped(input).reduce(Words.Total.class).output(TextOutput.to(output)));
    job.committer().begin();

    assertThatThrownBy(() -> reduce(job, Pair.reader(Pair.run(List.of(new Pair("a", "\u0008"))))))
        .isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(ProtocolException.class);
  }

  @Test
  void aRunThatIsNotSortedIsNoticed() throws IOException {
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        resolve(Words.mapped(input).reduce(Words.Total.class).output(TextOutput.to(output)));
    job.committer().begin();

    assertThatThrownBy(
            () -> reduce(job, Pair.reader(Pair.run(List.of(new Pair("b", ""), new Pair("a", ""))))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("a run is not sorted: the key 'a' came after 'b'");
  }

  /** Cannot be made the first time, as if the heap were full. */
  record Heavy(int number) {
    private static final AtomicBoolean TRIED = new AtomicBoolean();

    Heavy {
      if (!TRIED.getAndSet(true)) {
        throw new OutOfMemoryError("as if");
      }
    }
  }

  @Test
  void sideDataThatCouldNotBeDecodedAreThereForTheNextAttempt() {
    SideData<Heavy> heavy = new SideData<>("heavy", Heavy.class);
    SideValues side = new SideValues(Map.of("heavy", new byte[] {8, 7}));

    assertThatThrownBy(() -> side.get(heavy)).isInstanceOf(OutOfMemoryError.class);
    assertThat(side.get(heavy).number()).isEqualTo(7);
    assertThat(side.get(heavy)).isSameAs(side.get(heavy));
  }

  @Test
  void anotherVersionOfTheMapperIsNoticed() {
    Job job = Words.job(input, output);

    assertThatThrownBy(
            () ->
                ResolvedJob.of(
                    job.spec().toBuilder().setValueType("java.lang.Integer").build(),
                    ClassPath.CLASSES))
        .hasMessage(
            "mapper io.places.mapreduce.Words$Split emits values of java.lang.Long on this node and"
                + " of java.lang.Integer where the job was written: run both from the same class"
                + " path");
  }

  private Counters run(Class<? extends Reducer<String, Long, String, Long>> reducer)
      throws IOException {
    return run(Words.mapped(input).reduce(reducer).output(TextOutput.to(output)));
  }

  private Counters map(Class<? extends Mapper<Long, String, String, Long>> mapper)
      throws IOException {
    return run(
        Job.named("test")
            .input(TextLines.of(input))
            .map(mapper)
            .reduce(Words.Total.class)
            .output(TextOutput.to(output)));
  }

  private static Counters run(Job job) throws IOException {
    return SequentialRunner.run(job.spec(), ClassPath.CLASSES, 1);
  }

  private static ResolvedJob<?, ?, ?, ?, ?, ?> resolve(Job job) {
    return ResolvedJob.of(job.spec(), ClassPath.CLASSES);
  }

  private static Split onlySplit(ResolvedJob<?, ?, ?, ?, ?, ?> job) throws IOException {
    List<Split> splits = job.input().splits(1);
    assertThat(splits).hasSize(1);
    return splits.getFirst();
  }

  private static Counters reduce(ResolvedJob<?, ?, ?, ?, ?, ?> job, RunReader run) {
    return job.reduceTask(TaskListener.NONE).run(List.of(run), new OutputPart(0, 0));
  }

  static final class IteratesTwice implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      for (Long value : values) {
        context.emit(key, value);
      }
      values.forEach(value -> context.emit(key, value));
    }
  }

  static final class KeepsIterator implements Reducer<String, Long, String, Long> {
    private final List<Iterator<Long>> kept = new ArrayList<>();

    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      kept.add(values.iterator());
      context.emit(key, kept.getFirst().next());
    }
  }

  static final class ReadsNothing implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      context.emit(key, 0L);
    }
  }

  static final class ReadsNothingOfStrings implements Reducer<String, String, String, Long> {
    @Override
    public void reduce(String key, Iterable<String> values, Context<String, Long> context) {
      context.emit(key, 0L);
    }
  }

  static final class LengthAsBytes implements Mapper<Long, String, String, byte[]> {
    private final byte[] reused = new byte[1];

    @Override
    public void map(Long offset, String line, Context<String, byte[]> context) {
      reused[0] = (byte) line.length();
      context.emit("lengths", reused);
    }
  }

  static final class KeepsBytes implements Reducer<String, byte[], String, String> {
    @Override
    public void reduce(String key, Iterable<byte[]> values, Context<String, String> context) {
      List<byte[]> kept = new ArrayList<>();
      values.forEach(kept::add);
      context.emit(key, kept.stream().map(bytes -> bytes[0]).sorted().toList().toString());
    }
  }

  static final class FailsOnSecond implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) throws IOException {
      if (offset > 0) {
        throw new IOException("no more");
      }
    }
  }

  static final class FailsInCleanupToo implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      throw new IllegalStateException("first");
    }

    @Override
    public void cleanup(Context<String, Long> context) {
      throw new IllegalStateException("second");
    }
  }

  static final class CatchesRefusal implements Mapper<Long, String, String, Long> {
    @Override
    @SuppressWarnings("NullAway") // what a caller without null checks can do
    public void map(Long offset, String line, Context<String, Long> context) {
      try {
        context.emit(line, null);
      } catch (IllegalArgumentException expected) {
        context.count("caught", 1);
      }
    }
  }

  static final class CountsRecords implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      context.count(TaskCounter.MAP_INPUT_RECORDS.label(), 1);
    }
  }

  static final class AnswersNull implements Combiner<String, Long> {
    @Override
    @SuppressWarnings("NullAway") // what a combiner without null checks can do
    public Long combine(String key, Long left, Long right) {
      return null;
    }
  }

  static final class EmitsHalfCharacters implements Mapper<Long, String, String, String> {
    @Override
    public void map(Long offset, String line, Context<String, String> context) {
      context.emit(line, "\uD83D");
    }
  }

  static final class LengthPartitioner implements Partitioner<String> {
    @Override
    public int partition(String key, int partitions) {
      return key.length();
    }
  }

  static final class InterruptsItself implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      Thread.currentThread().interrupt();
      long read = 0;
      for (long value : values) {
        read += value + 1;
      }
      throw new AssertionError("went on to the end, value " + read);
    }
  }
}
