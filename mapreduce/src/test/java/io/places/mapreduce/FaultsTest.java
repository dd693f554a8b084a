package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import io.places.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts that fail or take long, on workers that live: nodes in this JVM. */
class FaultsTest {
  private static final String PACKAGE = FaultsTest.class.getPackageName();
  private static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0);

  @TempDir private Path folder;
  private Path input;
  private Path output;
  private Path marks;

  @BeforeEach
  void makeFolders() throws IOException {
    input = Texts.make(folder.resolve("in"));
    output = folder.resolve("out");
    marks = Files.createDirectory(folder.resolve("marks"));
  }

  /** None but those: on a busy machine any task may take long. */
  static Faults onlySecondAttempts(JobReport report) {
    return new Faults(0, 0, 0, 0, 0, report.faults().secondAttempts(), 0, 0);
  }

  /** Fails in the middle of its work, as many times as the job says. */
  private static void failSometimes(Context<?, ?> context, String where) {
    int times = Integer.parseInt(context.parameter("times"));
    for (int time = 0; time < times; time++) {
      if (Marks.first(context, where + time)) {
        throw new IllegalStateException("time " + time);
      }
    }
  }

  static final class SometimesFailingSplit implements Mapper<Long, String, String, Long> {
    private final Words.Split split = new Words.Split();
    private int lines;

    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      context.count("lines seen", 1);
      split.map(offset, line, context);
      lines++;
      if (lines == 500) {
        failSometimes(context, "map");
      }
    }
  }

  static final class SometimesFailingTotal implements Reducer<String, Long, String, Long> {
    private final Words.Total total = new Words.Total();
    private int words;

    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
      context.count("words seen", 1);
      total.reduce(word, counts, context);
      words++;
      if (words == 1_000) {
        failSometimes(context, "reduce");
      }
    }
  }

  private Job sometimesFailing(int times, Path to) {
    return Job.named("test")
        .input(LinesOfEachFile.in(input))
        .map(SometimesFailingSplit.class)
        .reduce(SometimesFailingTotal.class)
        .reducers(2)
        .parameter(Marks.FOLDER, marks.toString())
        .parameter("times", Integer.toString(times))
        .output(TextOutput.to(to))
        .withoutSecondAttempts(); // on a busy machine any task may take long
  }

  @Test
  void attemptsThatFailAreMadeAgainAndLeaveNoTraceInCountersAndOutput() throws IOException {
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      JobReport undisturbed = group.run(sometimesFailing(0, folder.resolve("calm")), JobListener.NONE);
      List<String> setbacks = new ArrayList<>();
      JobReport disturbed = group.run(sometimesFailing(3, output), listener(setbacks));

      assertThat(undisturbed.faults()).isEqualTo(NONE);
      assertThat(disturbed.faults().failedMaps()).isEqualTo(3);
      assertThat(disturbed.faults().failedReduces()).isEqualTo(3);
      assertThat(disturbed.faults().secondAttempts()).isZero();
      assertThat(disturbed.counters()).isEqualTo(undisturbed.counters());
      assertThat(disturbed.counters().get("lines seen")).isEqualTo(10_000);
      assertThat(Texts.output(output)).isEqualTo(Texts.counts(input));
      assertThat(Parts.names(output)).containsExactly("part-r-00000", "part-r-00001");
      assertThat(setbacks)
          .hasSize(6)
          .allSatisfy(
              what ->
                  assertThat(what)
                      .matches("(map|reduce) task \\d+ is run again: on node node-\\d: .*: time \\d"));
    }
  }

  @Test
  void aFourthFailureOfATaskFailsTheJobWithTheTasksOwnException() throws IOException {
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      Job bad = sometimesFailing(100, output);
      assertThatThrownBy(() -> group.run(bad, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageMatching(
              "job 'test' failed: map task \\d+ \\(.*/in/file-\\d.*\\) failed 4 times, the last time"
                  + " on node node-\\d: mapper .*SometimesFailingSplit failed on record"
                  + " /.*/in/file-\\d at byte \\d+ \\('w\\d+ w\\d+'\\):"
                  + " java.lang.IllegalStateException: time \\d+")
          .hasCauseInstanceOf(TaskFailedException.class)
          .hasStackTraceContaining("FaultsTest.failSometimes(")
          .satisfies(
              failure ->
                  assertThat(failure)
                      .cause()
                      .asString()
                      .startsWith(TaskFailedException.class.getName() + ": mapper "));
      assertThat(output).doesNotExist();

      JobReport next = group.run(sometimesFailing(0, output), JobListener.NONE);
      assertThat(next.faults()).isEqualTo(NONE);
      assertThat(Texts.output(output)).isEqualTo(Texts.counts(input));
    }
  }

  @Test
  void aGroupOfOneTriesATaskAgainOnTheSameWorker() throws IOException {
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      JobReport report = group.run(sometimesFailing(3, output), JobListener.NONE);

      assertThat(report.faults().failedMaps()).isEqualTo(3);
      assertThat(Texts.output(output)).isEqualTo(Texts.counts(input));
    }
  }

  @Test
  void aSampleOfTheKeysIsTriedAgainAndSplitsThatFailAreLeftOutOfIt() throws IOException {
    Job.Mapped<String, Long> mapped =
        Job.named("test")
            .input(LinesOfEachFile.in(input))
            .map(SometimesFailingSplit.class)
            .ranges();
    Job good =
        mapped
            .reduce(Words.Total.class)
            .reducers(2)
            .parameter(Marks.FOLDER, marks.toString())
            .parameter("times", "7") // all five files once, then two of them
            .output(TextOutput.to(output))
            .withoutSecondAttempts();
    Job bad =
        mapped
            .reduce(Words.Total.class)
            .parameter(Marks.FOLDER, marks.toString())
            .parameter("times", "1000")
            .output(TextOutput.to(folder.resolve("bad")));
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      List<String> setbacks = new ArrayList<>();
      assertThat(group.run(good, listener(setbacks)).faults()).isEqualTo(NONE);
      assertThat(setbacks)
          .singleElement()
          .asString()
          .startsWith("7 times a split could not be looked at for the ranges of keys, the last time: mapper ");
      assertThat(Texts.output(output)).isEqualTo(Texts.counts(input));
      assertThat(Parts.lines(output, 0)).isNotEmpty();
      assertThat(Parts.lines(output, 1)).isNotEmpty();

      assertThatThrownBy(() -> group.run(bad, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("job 'test' failed: no keys were found to choose its ranges by: mapper ")
          .hasMessageContaining("SometimesFailingSplit failed on record ");
      assertThat(folder.resolve("bad")).doesNotExist();
    }
  }

  /** Does as one that was stopped. */
  static final class InterruptsItself implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context)
        throws InterruptedException {
      if (context.parameter("how").equals("throws")) {
        throw new InterruptedException("as if");
      }
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "sets the flag"})
  @Timeout(20)
  void aMapperThatInterruptsItselfFailsTheJobAndTheWorkerGoesOn(String how) throws IOException {
    Path line = Files.writeString(folder.resolve("line"), "one line");
    Job bad =
        Job.named("test")
            .input(TextLines.of(line))
            .map(InterruptsItself.class)
            .reduce(Words.Total.class)
            .parameter("how", how)
            .output(TextOutput.to(output));
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      assertThatThrownBy(() -> group.run(bad, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("failed 4 times")
          .hasMessageContaining("a class of the job has interrupted its task, or thrown InterruptedException: ")
          .hasMessageContaining(
              how.equals("throws")
                  ? "InterruptsItself was interrupted on record " + line + " at byte 0 ('one line')"
                  : "the task was stopped");

      group.run(sometimesFailing(0, output), JobListener.NONE);
      assertThat(Texts.output(output)).isEqualTo(Texts.counts(input));
    }
  }

  private static boolean isSending() {
    return Thread.currentThread().getName().equals(Sender.THREAD);
  }

  /** As if the heap were full where map output is sent, which no task does itself. */
  static final class HoardsWhereItSends implements Combiner<String, Long> {
    @Override
    public Long combine(String word, Long left, Long right) {
      if (isSending()) {
        throw new OutOfMemoryError("as if");
      }
      return left + right;
    }
  }

  /** Counts a word of four files, by two tasks on each of two workers, so that each combines what it sends. */
  private Job combining(Class<? extends Combiner<String, Long>> combiner, String word)
      throws IOException {
    Path words = Files.createDirectory(folder.resolve("words"));
    for (int file = 0; file < 4; file++) {
      Files.writeString(words.resolve("file-" + file), word + "\n");
    }
    return Job.named("test")
        .input(LinesOfEachFile.in(words))
        .map(Words.Split.class)
        .combine(combiner)
        .reduce(Words.Total.class)
        .output(TextOutput.to(output));
  }

  private static Workers groupOfTwo() {
    return Workers.launch(2, Node.inThisJvm(), WorkerOptions.standard().tasksAtATime(2), PACKAGE);
  }

  /** Does as one that was stopped where map output is sent, which nobody stops. */
  static final class InterruptsWhereItSends implements Combiner<String, Long> {
    @Override
    public Long combine(String word, Long left, Long right) {
      if (isSending()) {
        Thread.currentThread().interrupt();
        if (word.equals("throws")) {
          throw new IllegalStateException("as if");
        }
      }
      return left + right;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "returns"})
  @Timeout(20)
  void aCombinerThatInterruptsTheSendingFailsItsTaskAndCostsNoWorker(String how) throws IOException {
    Job bad = combining(InterruptsWhereItSends.class, how);
    List<String> setbacks = new ArrayList<>();
    try (Workers group = groupOfTwo()) {
      assertThatThrownBy(() -> group.run(bad, listener(setbacks)))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("reduce task 0 failed 4 times")
          .hasMessageContaining(
              how.equals("throws")
                  ? "InterruptsWhereItSends failed on key 'throws': java.lang.IllegalStateException: as if"
                  : "a class of the job has interrupted its task, or thrown InterruptedException: ");
      assertThat(setbacks).hasSize(3).allMatch(what -> what.startsWith("reduce task 0 is run again: "));
      assertThat(output).doesNotExist();

      JobReport next = group.run(sometimesFailing(0, output), JobListener.NONE);
      assertThat(next.faults()).isEqualTo(NONE);
      assertThat(group.nodes()).hasSize(2);
    }
  }

  /** Never ends where map output is sent, until it is stopped. */
  static final class StaysWhereItSends implements Combiner<String, Long> {
    static final CountDownLatch BEGUN = new CountDownLatch(1);
    static final CountDownLatch STOPPED = new CountDownLatch(1);
    static volatile boolean virtual;

    @Override
    public Long combine(String word, Long left, Long right) {
      if (isSending() || Thread.currentThread().isVirtual()) {
        virtual = Thread.currentThread().isVirtual();
        BEGUN.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          STOPPED.countDown();
        }
      }
      return left + right;
    }
  }

  @Test
  @Timeout(20)
  void aCombinerThatNeverEndsWhereMapOutputIsSentEndsWithTheJob() throws Exception {
    Job endless = combining(StaysWhereItSends.class, "word");
    try (Workers group = groupOfTwo()) {
      Thread runs =
          Thread.ofPlatform()
              .start(
                  () ->
                      assertThatThrownBy(() -> group.run(endless, JobListener.NONE))
                          .isInstanceOf(PlaceInterruptedException.class));
      StaysWhereItSends.BEGUN.await();
      assertThat(StaysWhereItSends.virtual).as("user code in a thread of the runtime").isFalse();
      runs.interrupt();
      runs.join();
      StaysWhereItSends.STOPPED.await();

      JobReport next = group.run(sometimesFailing(0, output), JobListener.NONE);
      assertThat(next.faults()).isEqualTo(NONE);
      assertThat(group.nodes()).hasSize(2);
    }
  }

  @Test
  void whyAWorkerDoesNotGiveItsMapOutputIsTold() throws IOException {
    Job job = combining(HoardsWhereItSends.class, "word");
    List<String> setbacks = new ArrayList<>();
    try (Workers group = groupOfTwo()) {
      JobReport report = group.run(job, listener(setbacks));

      assertThat(report.faults().refetches()).isEqualTo(Member.MOST_FAILED_FETCHES);
      assertThat(report.faults().lostWorkers()).isEqualTo(1);
    }
    String why = "map output cannot be fetched from node node-\\d: as if";
    assertThat(setbacks)
        .filteredOn(what -> what.matches("reduce task 0 begins again: " + why))
        .hasSize(Member.MOST_FAILED_FETCHES);
    assertThat(setbacks)
        .anySatisfy(
            what ->
                assertThat(what)
                    .matches(
                        "node node-\\d was lost between tasks: node node-\\d does not give its map"
                            + " output to others: 3 fetches failed, the last time "
                            + why));
    assertThat(Texts.output(output)).containsExactly(Map.entry("word", 4L));
  }

  /** More for each reducer than may lie unread there. */
  static final class Bulky implements Mapper<Long, String, Long, byte[]> {
    static final int PARTITIONS = 6;

    @Override
    public void map(Long offset, String line, Context<Long, byte[]> context) {
      byte[] value = new byte[1 << 20];
      for (long key = 0; key < 7L * PARTITIONS; key++) {
        context.emit(key, value);
      }
    }
  }

  static final class Remainder implements Partitioner<Long> {
    @Override
    public int partition(Long key, int partitions) {
      return (int) (key % partitions);
    }
  }

  /** Waits after its first group until the connections were cut. */
  static final class ReadsBeforeAndAfterTheCut implements Reducer<Long, byte[], Long, Long> {
    static final CountDownLatch BEGUN = new CountDownLatch(Bulky.PARTITIONS);
    static final CountDownLatch CUT = new CountDownLatch(1);

    @Override
    public void reduce(Long key, Iterable<byte[]> values, Context<Long, Long> context)
        throws InterruptedException {
      long bytes = 0;
      for (byte[] value : values) {
        bytes += value.length;
      }
      context.emit(key, bytes);
      BEGUN.countDown();
      CUT.await();
    }
  }

  @Test
  @Timeout(60)
  void aConnectionThatIsLostOnceCostsNoWorkerHoweverManyReducersReadByIt() throws Exception {
    Path lines = Files.createDirectory(folder.resolve("lines"));
    Files.writeString(lines.resolve("one"), "one\n");
    Files.writeString(lines.resolve("two"), "two\n");
    Job job =
        Job.named("test")
            .input(LinesOfEachFile.in(lines))
            .map(Bulky.class)
            .partition(Remainder.class)
            .reduce(ReadsBeforeAndAfterTheCut.class)
            .reducers(Bulky.PARTITIONS)
            .output(TextOutput.to(output));
    var options =
        WorkerOptions.standard().tasksAtATime(Bulky.PARTITIONS / 2).mapOutputMemory(1L << 30);
    try (var ways = new Relays();
        Workers group = Workers.launch(2, ways.launcher(), options, PACKAGE)) {
      Thread cuts =
          Thread.startVirtualThread(
              () -> {
                try {
                  ReadsBeforeAndAfterTheCut.BEGUN.await();
                  ways.cut();
                  ReadsBeforeAndAfterTheCut.CUT.countDown();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      JobReport report = group.run(job, JobListener.NONE);
      cuts.join();

      assertThat(report.faults().refetches()).isGreaterThanOrEqualTo(Member.MOST_FAILED_FETCHES);
      assertThat(report.faults().lostWorkers()).isZero();
      assertThat(report.counters().get(TaskCounter.REDUCE_INPUT_RECORDS))
          .isEqualTo(2 * 7 * Bulky.PARTITIONS);
    }
  }

  @Test
  void aReducerThatHidesThatItsValuesCouldNotBeReadStillFails() {
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        ResolvedJob.of(
            Words.mapped(input).reduce(HidesFailures.class).output(TextOutput.to(output)).spec(),
            ClassPath.CLASSES);
    EntryCursor broken =
        new RunReader(
            false, List.of(new byte[] {2, 'a', 1, 2}).iterator()::next, "under test");

    assertThatThrownBy(
            () -> {
              job.committer().begin();
              job.reduceTask(TaskListener.NONE).run(List.of(broken), new OutputPart(0, 0));
            })
        .isInstanceOf(NoSuchElementException.class); // what came for the next pair
  }

  static final class HidesErrors implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
      try {
        new Words.Total().reduce(word, counts, context);
      } catch (Throwable e) {
        context.emit("all is well", 1L);
      }
    }
  }

  /** As if the stack had ended there, or the heap. */
  private static EntryCursor brokenAtTheSecond(EntryCursor pairs) {
    AtomicInteger calls = new AtomicInteger();
    return new EntryCursor() {
      @Override
      public boolean next() {
        if (calls.incrementAndGet() == 2) {
          throw new StackOverflowError("as if");
        }
        return pairs.next();
      }

      @Override
      public Slice key() {
        return pairs.key();
      }

      @Override
      public Slice value() {
        return pairs.value();
      }
    };
  }

  @Test
  void aReducerThatHidesThatReadingItsValuesMetAnErrorStillFails() {
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        ResolvedJob.of(
            Words.mapped(input).reduce(HidesErrors.class).output(TextOutput.to(output)).spec(),
            ClassPath.CLASSES);
    List<Pair> pairs = List.of(new Pair("a", ""), new Pair("a", ""), new Pair("b", ""));
    EntryCursor broken = brokenAtTheSecond(Pair.reader(Pair.run(pairs)));

    assertThatThrownBy(
            () -> {
              job.committer().begin();
              job.reduceTask(TaskListener.NONE).run(List.of(broken), new OutputPart(0, 0));
            })
        .isInstanceOf(TaskFailedException.class)
        .hasMessageEndingWith("HidesErrors failed on key 'a': java.lang.StackOverflowError: as if");
  }

  static final class HidesFailures implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
      try {
        new Words.Total().reduce(word, counts, context);
      } catch (RuntimeException e) {
        context.emit("all is well", 1L);
      }
    }
  }

  /** Never ends by itself the first time. */
  static final class StuckOnceSplit implements Mapper<Long, String, String, Long> {
    static final AtomicInteger STOPPED = new AtomicInteger();

    private final Words.Split split = new Words.Split();

    @Override
    public void map(Long offset, String line, Context<String, Long> context) throws Exception {
      split.map(offset, line, context);
      stick(context, "map", STOPPED);
    }
  }

  /** Never ends by itself the first time. */
  static final class StuckOnceTotal implements Reducer<String, Long, String, Long> {
    static final AtomicInteger STOPPED = new AtomicInteger();

    private final Words.Total total = new Words.Total();

    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context)
        throws Exception {
      total.reduce(word, counts, context);
      stick(context, "reduce", STOPPED);
    }
  }

  private static void stick(Context<?, ?> context, String where, AtomicInteger stopped)
      throws InterruptedException {
    if (Marks.first(context, where)) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        stopped.incrementAndGet();
        throw e;
      }
    }
  }

  @Test
  void attemptsThatTakeLongAreMadeElsewhereTooAndTheFirstToFinishCounts() throws IOException {
    Job job =
        Job.named("test")
            .input(LinesOfEachFile.in(input))
            .map(StuckOnceSplit.class)
            .reduce(StuckOnceTotal.class)
            .reducers(4)
            .parameter(Marks.FOLDER, marks.toString())
            .output(TextOutput.to(output));
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      JobReport report = group.run(job, JobListener.NONE);

      assertThat(report.faults()).isEqualTo(new Faults(0, 0, 0, 0, 0, 2, 0, 0));
      assertThat(StuckOnceSplit.STOPPED).hasValue(1);
      assertThat(StuckOnceTotal.STOPPED).hasValue(1);
      assertThat(report.counters().get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(10_000);
    }
    Map<String, Long> counts = Texts.counts(input);
    assertThat(Texts.output(output)).isEqualTo(counts);
    assertThat(Parts.names(output)).hasSize(4);
  }

  /** Takes so long for one file that another worker would try it. */
  static final class SlowOnOneFile implements Mapper<Long, String, String, Long> {
    private final Words.Split split = new Words.Split();

    @Override
    public void map(Long offset, String line, Context<String, Long> context) throws Exception {
      Marks.count(context, "mapped");
      if (line.equals("slow")) {
        Thread.sleep(1_500);
      }
      split.map(offset, line, context);
    }
  }

  @Test
  void inAJobWithoutSecondAttemptsATaskThatTakesLongIsTriedByNoOther() throws IOException {
    Path lines = Files.createDirectory(folder.resolve("lines"));
    Files.writeString(lines.resolve("one"), "quick\n");
    Files.writeString(lines.resolve("two"), "slow\n");
    Job job =
        Job.named("test")
            .input(LinesOfEachFile.in(lines))
            .map(SlowOnOneFile.class)
            .reduce(Words.Total.class)
            .parameter(Marks.FOLDER, marks.toString())
            .output(TextOutput.to(output))
            .withoutSecondAttempts();
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      JobReport report = group.run(job, JobListener.NONE);

      assertThat(report.mapTime()).isGreaterThan(Duration.ofMillis(1_400));
      assertThat(report.faults()).isEqualTo(NONE);
    }
    assertThat(Marks.counted(marks, "mapped")).isEqualTo(2);
    assertThat(Texts.output(output)).containsExactly(Map.entry("quick", 1L), Map.entry("slow", 1L));
  }

  /** Counts up to the most that a counter holds. */
  static final class CountsTheMost implements Reducer<String, Long, String, Long> {
    @Override
    public void cleanup(Context<String, Long> context) {
      context.count("sum of hashes", Long.MAX_VALUE);
    }

    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {}
  }

  /** Writes nothing, and tells what becomes of that. */
  static final class Watched implements OutputFormat<Object, Object>, OutputCommitter {
    static final List<String> TOLD = Collections.synchronizedList(new ArrayList<>());
    static volatile Runnable atCommit = () -> {};

    @Override
    public RecordWriter<Object, Object> open(OutputPart part) {
      return new RecordWriter<>() {
        @Override
        public void write(Object key, Object value) {}

        @Override
        public long bytesWritten() {
          return 0;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public OutputCommitter committer() {
      return this;
    }

    @Override
    public void begin() {
      TOLD.clear();
    }

    @Override
    public void commit(Collection<OutputPart> parts) {
      TOLD.add("commit");
      atCommit.run();
    }

    @Override
    public void abort() {
      TOLD.add("abort");
    }
  }

  @Test
  void countersThatAreTooMuchTogetherAreNamedBeforeTheOutputIsCommitted() {
    Watched.atCommit = () -> {};
    Job job =
        Words.mapped(input)
            .reduce(CountsTheMost.class)
            .reducers(2)
            .output(new Watched());
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      assertThatThrownBy(() -> group.run(job, JobListener.NONE))
          .isInstanceOf(PlacesException.class)
          .hasMessageStartingWith("the counter 'sum of hashes' is beyond a long");
    }
    assertThat(Watched.TOLD).containsExactly("abort");
  }

  @Test
  void whatComesAfterTheCommitDoesNotRemoveTheOutput() {
    Job job = Words.mapped(input).reduce(Words.Total.class).output(new Watched());
    List<String> heard = new ArrayList<>();
    JobListener complains =
        new JobListener() {
          @Override
          public void progress(JobProgress progress) {}

          @Override
          public void setback(String what) {
            heard.add(what);
            if (Watched.TOLD.contains("commit")) { // before it a task may take long
              throw new IllegalStateException("bad news");
            }
          }
        };
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      Watched.atCommit = () -> group.nodes().getFirst().kill(); // which is found when it is told of the end
      JobReport report = group.run(job, complains);

      assertThat(report.counters().get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(10_000);
      assertThat(Watched.TOLD).as("and heard " + heard).containsExactly("commit");
    }
  }

  /** The first attempt fails when a second one has begun, which is done when that was told. */
  static final class FailsWhenThereIsAnother implements Mapper<Long, String, String, Long> {
    static final CountDownLatch SECOND = new CountDownLatch(1);
    static final CountDownLatch TOLD = new CountDownLatch(1);

    private final Words.Split split = new Words.Split();

    @Override
    public void map(Long offset, String line, Context<String, Long> context) throws Exception {
      split.map(offset, line, context);
      if (!line.equals("slow")) {
        return;
      }
      if (Marks.first(context, "first")) {
        SECOND.await();
        throw new IllegalStateException("the first one");
      }
      SECOND.countDown();
      TOLD.await();
    }
  }

  @Test
  @Timeout(20)
  void anAttemptThatFailsWhileAnotherIsUnderWayIsToldAndNotSaidToBeRunAgain() throws IOException {
    Path lines = Files.createDirectory(folder.resolve("lines"));
    Files.writeString(lines.resolve("one"), "quick\n");
    Files.writeString(lines.resolve("two"), "slow\n");
    Job job =
        Job.named("test")
            .input(LinesOfEachFile.in(lines))
            .map(FailsWhenThereIsAnother.class)
            .reduce(Words.Total.class)
            .parameter(Marks.FOLDER, marks.toString())
            .output(TextOutput.to(output));
    List<String> setbacks = new ArrayList<>();
    JobListener listener =
        new JobListener() {
          @Override
          public void progress(JobProgress progress) {}

          @Override
          public void setback(String what) {
            setbacks.add(what);
            if (what.endsWith("; another attempt is under way")) {
              FailsWhenThereIsAnother.TOLD.countDown();
            }
          }
        };
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      JobReport report = group.run(job, listener);

      int secondAttempts = report.faults().secondAttempts();
      assertThat(report.faults()).isEqualTo(onlySecondAttempts(report));
      assertThat(setbacks).hasSize(secondAttempts + 1).first().asString().contains("map task 1 takes long");
      assertThat(setbacks).filteredOn(what -> what.contains(" takes long: ")).hasSize(secondAttempts);
      long ofMaps = setbacks.stream().filter(what -> what.matches("map task 1 takes long: .*")).count();
      assertThat(report.phases().getFirst().attempts()).isEqualTo(2 + (int) ofMaps);
    }
    assertThat(setbacks)
        .filteredOn(
            what ->
                what.matches(
                    "(?s)map task 1 failed on node node-\\d: .*the first one.*; another attempt is under way"))
        .hasSize(1);
    assertThat(setbacks).noneMatch(what -> what.contains("is run again"));
    assertThat(Texts.output(output)).containsExactly(Map.entry("quick", 1L), Map.entry("slow", 1L));
  }

  private static JobListener listener(List<String> setbacks) {
    return new JobListener() {
      @Override
      public void progress(JobProgress progress) {}

      @Override
      public void setback(String what) {
        setbacks.add(what);
      }
    };
  }
}
