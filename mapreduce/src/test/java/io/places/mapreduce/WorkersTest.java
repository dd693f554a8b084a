package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.LaunchException;
import io.places.MessageNotAllowedException;
import io.places.PlaceInterruptedException;
import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.AllowList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs on workers: nodes in this JVM where isolation does not matter, processes where it does. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class WorkersTest {
  private static final String PACKAGE = WorkersTest.class.getPackageName();

  @TempDir private Path folder;

  /** Emits each word of a line once. */
  static final class SplitWords implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      for (String word : line.split(" ", -1)) {
        context.emit(word, 1L);
      }
    }
  }

  static final class Add implements Combiner<String, Long> {
    @Override
    public Long combine(String key, Long left, Long right) {
      return left + right;
    }
  }

  static final class Sum implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      long sum = 0;
      for (long value : values) {
        sum += value;
      }
      context.emit(key, sum);
    }
  }

  /** Waits until it is interrupted. Runs in the test's own JVM. */
  static final class Stuck implements Mapper<Long, String, String, Long> {
    static final CountDownLatch STARTED = new CountDownLatch(1);

    @Override
    public void map(Long offset, String line, Context<String, Long> context)
        throws InterruptedException {
      STARTED.countDown();
      new CountDownLatch(1).await();
    }
  }

  private Path input() throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    Random random = new Random(3);
    for (int file = 0; file < 5; file++) {
      List<String> lines = new ArrayList<>();
      for (int line = 0; line < 2_000; line++) {
        lines.add("w" + random.nextInt(50) + " w" + random.nextInt(5_000));
      }
      Files.write(input.resolve("file-" + file), lines);
    }
    return input;
  }

  private static Map<String, Long> expected(Path input) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (Path file : list(input)) {
      for (String line : Files.readAllLines(file)) {
        for (String word : line.split(" ", -1)) {
          counts.merge(word, 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  private static List<Path> list(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.sorted().toList();
    }
  }

  private static Job.Mapped<String, Long> mapped(
      Path input, Class<? extends Mapper<Long, String, String, Long>> mapper) {
    return Job.named("test").input(TextLines.of(input)).map(mapper);
  }

  private static Map<String, Long> read(Path output) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (Path part : list(output)) {
      assertThat(part.getFileName().toString()).startsWith("part-r-");
      List<String> lines = Files.readAllLines(part);
      assertThat(lines).isSorted();
      for (String line : lines) {
        String[] fields = line.split("\t", -1);
        assertThat(counts.put(fields[0], Long.valueOf(fields[1]))).isNull();
      }
    }
    return counts;
  }

  @Test
  void theCountsAreTheSameWithAnyNumberOfWorkersAndReducersWithAndWithoutACombiner()
      throws IOException {
    Path input = input();
    Map<String, Long> expected = expected(input);
    for (int workers : List.of(1, 2, 3)) {
      try (Workers group = Workers.launch(workers, Node.inThisJvm(), PACKAGE)) {
        for (int reducers : List.of(1, 4)) {
          for (boolean combine : List.of(true, false)) {
            Path output = folder.resolve("out-" + workers + "-" + reducers + "-" + combine);
            Job.Mapped<String, Long> mapped = mapped(input, SplitWords.class);
            Job job =
                (combine ? mapped.combine(Add.class) : mapped)
                    .reduce(Sum.class)
                    .reducers(reducers)
                    .output(TextOutput.to(output));
            JobReport report = group.run(job, JobListener.NONE);
            assertThat(read(output)).isEqualTo(expected);
            assertThat(list(output)).hasSize(reducers);
            assertThat(report.counters().get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(10_000);
            assertThat(report.counters().get(TaskCounter.MAP_OUTPUT_RECORDS)).isEqualTo(20_000);
            assertThat(report.counters().get(TaskCounter.OUTPUT_RECORDS))
                .isEqualTo(expected.size());
          }
        }
      }
    }
  }

  @Test
  void theCountsAreTheSameHoweverTheInputIsCut() throws IOException {
    Path input = input();
    Map<Long, Integer> splits = new TreeMap<>();
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      for (long bytes : List.of(777L, 7_777L, Long.MAX_VALUE)) {
        Path output = folder.resolve("out-" + bytes);
        Job job =
            Job.named("test")
                .input(TextLines.of(input))
                .splitBytes(bytes)
                .map(SplitWords.class)
                .combine(Add.class)
                .reduce(Sum.class)
                .output(TextOutput.to(output));
        splits.put(bytes, group.run(job, JobListener.NONE).maps());
        assertThat(read(output)).isEqualTo(expected(input));
      }
    }
    assertThat(splits.get(777L)).isBetween(90, 130);
    assertThat(splits.get(7_777L)).isBetween(10, 15);
    assertThat(splits).containsEntry(Long.MAX_VALUE, 1);
    assertThatThrownBy(() -> Job.named("test").input(TextLines.of(input)).splitBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a split has 1 or more bytes, not 0");
  }

  /** Says what it is at. */
  static final class Talks implements Mapper<Long, String, String, Long> {
    @Override
    public void setup(Context<String, Long> context) {
      context.status("beginning");
      context.status("x".repeat(10_000_000));
    }

    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      context.emit(line, 1L);
    }
  }

  @Test
  void aTasksStatusIsToldToTheListener() throws IOException {
    List<String> said = new ArrayList<>();
    JobListener listener =
        new JobListener() {
          @Override
          public void progress(JobProgress progress) {}

          @Override
          public void status(String what) {
            said.add(what);
          }
        };
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      group.run(
          mapped(input(), Talks.class).reduce(Sum.class).output(TextOutput.to(folder.resolve("out"))),
          listener);
    }
    assertThat(said).contains("map task 0 on node node-1: beginning");
    assertThat(said).allSatisfy(what -> assertThat(what).hasSizeLessThan(300));
  }

  /** Fails with more than a message can carry, or ends having counted more. */
  static final class SaysTooMuch implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      String much = "x".repeat(34_000_000);
      if (context.findParameter("throw").isPresent()) {
        throw new IllegalStateException(much);
      }
      context.count(much, 1);
      context.count(much + "y", 1);
    }
  }

  @Test
  void aTaskThatSaysMoreThanAMessageHoldsStillFails() throws IOException {
    Path line = Files.writeString(folder.resolve("line"), "one line");
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      var saysTooMuch =
          mapped(line, SaysTooMuch.class).reduce(Sum.class).parameter("other", "z".repeat(10));
      Job counts = saysTooMuch.output(TextOutput.to(folder.resolve("out")));
      assertThatThrownBy(() -> group.run(counts, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("bytes");
      Job throwing = saysTooMuch.parameter("throw", "").output(TextOutput.to(folder.resolve("out")));
      assertThatThrownBy(() -> group.run(throwing, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("IllegalStateException: xxx")
          .hasMessageContaining("byte 0");

      Job tooLarge =
          saysTooMuch
              .parameter("large", "x".repeat(68_000_000))
              .output(TextOutput.to(folder.resolve("out")));
      assertThatThrownBy(() -> group.run(tooLarge, JobListener.NONE))
          .isInstanceOf(MessageNotAllowedException.class);
      assertThat(folder.resolve("out")).doesNotExist();
      assertThat(group.nodes()).as("workers that are not at fault").hasSize(1);
    }
  }

  @Test
  void aListenerCannotRunAnotherJobOnTheSameWorkers() throws IOException {
    Path input = input();
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      Job job = mapped(input, SplitWords.class).reduce(Sum.class).output(TextOutput.to(folder.resolve("out")));
      assertThatThrownBy(() -> group.run(job, progress -> group.run(job, JobListener.NONE)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a listener of a job cannot run another on the same workers");
    }
  }

  @Test
  void aGroupOfProcessesServesOneJobAfterAnother() throws IOException {
    Path input = input();
    try (Workers group = Workers.processes(2, PACKAGE)) {
      for (int round = 0; round < 3; round++) {
        Path output = folder.resolve("out-" + round);
        List<JobProgress> seen = new ArrayList<>();
        Job job =
            mapped(input, SplitWords.class).reduce(Sum.class).reducers(2).output(TextOutput.to(output));
        group.run(job, seen::add);
        assertThat(read(output)).isEqualTo(expected(input));
        assertThat(seen.getLast())
            .satisfies(
                last -> {
                  assertThat(last.mapsDone()).isEqualTo(last.maps()).isPositive();
                  assertThat(last.reducesDone()).isEqualTo(2);
                  assertThat(last.bytesRead()).isEqualTo(last.bytes());
                });
      }
      assertTextInAnotherFileSystemIsCountedBy(group, input);
    }
  }

  /** Which the workers open by themselves: the text lies in a zip file that is not named like one. */
  private void assertTextInAnotherFileSystemIsCountedBy(Workers group, Path input) throws IOException {
    URI archive = URI.create("jar:" + folder.resolve("texts.archive").toUri());
    try (FileSystem within = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      Files.createDirectory(within.getPath("/texts"));
      for (Path file : list(input)) {
        Files.copy(file, within.getPath("/texts", file.getFileName().toString()));
      }
    }
    Path output = folder.resolve("out-of-archive");
    try (FileSystem within = FileSystems.newFileSystem(archive, Map.of())) {
      Path texts = within.getPath("/texts");
      group.run(
          mapped(texts, SplitWords.class).reduce(Sum.class).output(TextOutput.to(output)), JobListener.NONE);
    }
    assertThat(read(output)).isEqualTo(expected(input));
  }

  @Test
  void packedPairsGiveTheSameOutputFromFilesOfLessThanHalfTheLength() throws IOException {
    Path input = input();
    var allInFiles = WorkerOptions.standard().mapOutputMemory(0);
    try (Workers group = Workers.launch(2, Node.inThisJvm(), allInFiles, PACKAGE)) {
      Job.Mapped<String, Long> mapped = mapped(input, SplitWords.class);
      long plain = spilled(group, mapped, folder.resolve("plain"));
      long packed = spilled(group, mapped.pack(), folder.resolve("packed"));

      assertThat(packed).isPositive().isLessThan(plain / 2);
      assertThat(read(folder.resolve("packed"))).isEqualTo(expected(input));
    }
  }

  private static long spilled(Workers group, Job.Mapped<String, Long> mapped, Path output) {
    Job job = mapped.reduce(Sum.class).reducers(3).output(TextOutput.to(output));
    return group.run(job, JobListener.NONE).counters().get(TaskCounter.SPILLED_BYTES);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Ballast(byte[] bytes) {}

  private static final SideData<Ballast> BALLAST = new SideData<>("ballast", Ballast.class);

  static final class Weigh implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      context.emit("ballast", (long) context.side(BALLAST).bytes().length);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where the bytes that a process has read can be asked for
  void fiftyMegabytesOfSideDataGoToEachWorkerProcessOnceNotToEachTask() throws IOException {
    int size = 50_000_000;
    Path input = input();
    List<ProcessHandle> before = nodes();
    try (Workers group = Workers.processes(2, PACKAGE)) {
      List<ProcessHandle> workers =
          nodes().stream().filter(child -> !before.contains(child)).toList();
      assertThat(workers).hasSize(2);
      List<Long> readBefore = workers.stream().map(WorkersTest::bytesRead).toList();
      Job job =
          Job.named("weigh")
              .input(LinesOfEachFile.in(input))
              .map(Weigh.class)
              .reduce(Sum.class)
              .output(TextOutput.to(folder.resolve("out")))
              .side(BALLAST, new Ballast(new byte[size]));
      JobReport report = group.run(job, JobListener.NONE);

      assertThat(report.maps()).isEqualTo(5);
      assertThat(read(folder.resolve("out"))).containsEntry("ballast", 10_000L * size);
      for (int i = 0; i < 2; i++) {
        assertThat(bytesRead(workers.get(i)) - readBefore.get(i)).isBetween((long) size, size * 3L / 2);
      }
    }
  }

  /** This process's own; another child may be making an AOT cache. */
  private static List<ProcessHandle> nodes() {
    return ProcessHandle.current().children().filter(WorkersTest::isNode).toList();
  }

  private static boolean isNode(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).contains("io.places.node.NodeMain");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  /** From files and from connections. */
  private static long bytesRead(ProcessHandle process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/io"))) {
      String line = lines.filter(each -> each.startsWith("rchar: ")).findFirst().orElseThrow();
      return Long.parseLong(line.substring("rchar: ".length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As if the heap were full when the output of map tasks is merged: no record is to blame. */
  static final class Hoards implements Combiner<String, Long> {
    @Override
    public Long combine(String word, Long left, Long right) {
      throw new OutOfMemoryError("as if");
    }
  }

  @Test
  void aTaskForWhichMemoryRanOutSaysSoAndWhatToDo() throws IOException {
    Path output = folder.resolve("out");
    Path input = Files.createDirectory(folder.resolve("input"));
    Files.writeString(input.resolve("file-0"), "word\n");
    Files.writeString(input.resolve("file-1"), "word\n");
    Job job =
        Job.named("test")
            .input(TextLines.of(input))
            .splitBytes(1)
            .map(SplitWords.class)
            .combine(Hoards.class)
            .reduce(Sum.class)
            .output(TextOutput.to(output));
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      assertThatThrownBy(() -> group.run(job, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("reduce task 0 failed 4 times")
          .hasMessageContaining(
              "OutOfMemoryError: as if; give each worker more by its launcher's jvmOption(\"-Xmx...\"), or"
                  + " fewer tasks at a time by WorkerOptions");
    }
    assertThat(output).doesNotExist();
  }

  static final class Refuses implements Combiner<String, Long> {
    @Override
    public Long combine(String word, Long left, Long right) {
      throw new IllegalStateException("not these two");
    }
  }

  static final class RefusesByAnError implements Combiner<String, Long> {
    @Override
    public Long combine(String word, Long left, Long right) {
      throw new AssertionError("not these two");
    }
  }

  static final class RefusesNumbersByAnError implements LongCombiner<String> {
    @Override
    public long combine(long left, long right) {
      throw new AssertionError("not these two");
    }
  }

  /** Each worker has the word of two files: there they meet first, on their way to the reducer. */
  @ParameterizedTest
  @ValueSource(classes = {Refuses.class, RefusesByAnError.class, RefusesNumbersByAnError.class})
  void aCombinerThatThrowsWhereMapOutputIsSentFailsTheJobAndCostsNoWorker(
      Class<? extends Combiner<String, Long>> combiner) throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    for (int file = 0; file < 4; file++) {
      Files.writeString(input.resolve("file-" + file), "word\n");
    }
    Job job =
        Job.named("test")
            .input(LinesOfEachFile.in(input))
            .map(SplitWords.class)
            .combine(combiner)
            .reduce(Sum.class)
            .output(TextOutput.to(folder.resolve("out")));
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      assertThatThrownBy(() -> group.run(job, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("reduce task 0 failed 4 times")
          .hasMessageContaining("combiner " + combiner.getName() + " failed on key 'word': java.lang.")
          .hasMessageContaining(": not these two");
      assertThat(group.nodes()).hasSize(2);
    }
  }

  @Test
  void pairsOfOtherTypesThanTheMapperDeclaresFailTheJobAtTheFirstAttemptNamingBoth() throws IOException {
    Path output = folder.resolve("out");
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      for (String wrong : List.of("key", "value")) {
        for (boolean combine : List.of(true, false)) {
          Path line = Files.writeString(folder.resolve(wrong), wrong);
          Job.Mapped<String, Long> mapped = mapped(line, JobTestTest.WrongTypes.class);
          Job job =
              (combine ? mapped.combine(Add.class) : mapped)
                  .reduce(Sum.class)
                  .output(TextOutput.to(output));
          assertThatThrownBy(() -> group.run(job, JobListener.NONE))
              .isInstanceOf(JobFailedException.class)
              .hasMessageContaining(") failed on node node-")
              .hasMessageContaining("WrongTypes failed on record " + line + " at byte 0")
              .hasMessageContaining("java.lang.String")
              .hasMessageContaining(wrong.equals("key") ? "java.lang.Integer" : "java.lang.Long");
          assertThat(output).doesNotExist();
        }
      }
    }
  }

  @Test
  void anInterruptStopsTheJobAndRemovesItsOutput() throws Exception {
    Path output = folder.resolve("out");
    Job job =
        mapped(input(), Stuck.class).reduce(Sum.class).output(TextOutput.to(output));
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      var failure = new CompletableFuture<Throwable>();
      Thread runner =
          Thread.startVirtualThread(
              () -> {
                try {
                  group.run(job, JobListener.NONE);
                } catch (RuntimeException e) {
                  failure.complete(e);
                }
              });
      assertThat(Stuck.STARTED.await(10, TimeUnit.SECONDS)).isTrue();
      runner.interrupt();
      assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(PlaceInterruptedException.class);
    }
    assertThat(output).doesNotExist();
  }

  static final class Marking implements Mapper<Long, String, String, Long> {
    @Override
    public void setup(Context<String, Long> context) {
      Marks.count(context, "begun");
    }

    @Override
    public void map(Long offset, String line, Context<String, Long> context) {}
  }

  @Test
  void anOutputFolderThatExistsIsRefusedBeforeAnyTaskBegins() throws IOException {
    Path output = Files.createDirectory(folder.resolve("out"));
    Path marks = Files.createDirectory(folder.resolve("marks"));
    Job job =
        mapped(input(), Marking.class)
            .reduce(Sum.class)
            .parameter(Marks.FOLDER, marks.toString())
            .output(TextOutput.to(output));
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      assertThatThrownBy(() -> group.run(job, JobListener.NONE))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("the output folder " + output + " exists: remove it, or choose another");
    }
    assertThat(marks).isEmptyDirectory();
    assertThat(output).isEmptyDirectory();
  }

  @Test
  void aWorkerLoadsNoClassOutsideTheAllowedPackages() throws IOException {
    Job job =
        mapped(input(), SplitWords.class)
            .reduce(Sum.class)
            .output(TextOutput.to(folder.resolve("out")));
    try (Workers group = Workers.launch(1, Node.inThisJvm())) {
      // The engine's own package is always allowed, and the test's classes lie in it.
      assertThat(group.run(job, JobListener.NONE).maps()).isPositive();
    }
    assertThatThrownBy(
            () ->
                new AllowedClasses(new AllowList(List.of("io.places.mapreduce")))
                    .create("java.util.ArrayList", Mapper.class))
        .hasMessageContaining(
            "java.util.ArrayList is not in a package that this node may start:"
                + " [io.places.mapreduce]; name its package where the workers are made, as in"
                + " Workers.processes(2, \"java.util\")");
  }

  @Test
  void aGroupBeginsWithoutANodeThatIsLostBeforeItsWorkerRuns() throws IOException {
    Path input = input();
    Path output = folder.resolve("out");
    List<String> setbacks = new ArrayList<>();
    JobListener listener =
        new JobListener() {
          @Override
          public void progress(JobProgress progress) {}

          @Override
          public void setback(String what) {
            setbacks.add(what);
          }
        };
    try (Node node = Node.start(NodeOptions.standard().allow(PACKAGE))) {
      List<RemoteNode> nodes = node.launch(2, Node.inThisJvm());
      nodes.getFirst().kill();
      try (Workers group = Workers.on(node, nodes, WorkerOptions.standard().tasksAtATime(1))) {
        assertThat(group.nodes()).containsExactly(nodes.getLast());
        group.run(
            mapped(input, SplitWords.class).reduce(Sum.class).output(TextOutput.to(output)),
            listener);

        assertThat(read(output)).isEqualTo(expected(input));
        assertThat(setbacks)
            .singleElement()
            .asString()
            .startsWith("node node-1 was lost while the workers were started: ");
      }
    }
  }

  @Test
  void aGroupAllOfWhoseNodesAreLostBeforeTheirWorkersRunDoesNotBegin() {
    try (Node node = Node.start(NodeOptions.standard().allow(PACKAGE))) {
      List<RemoteNode> nodes = List.of(node.launch(Node.inThisJvm()));
      nodes.getFirst().kill();
      assertThatThrownBy(() -> Workers.on(node, nodes, WorkerOptions.standard()))
          .isInstanceOf(LaunchException.class)
          .hasMessageStartingWith(
              "no worker has come up; node node-1 was lost while the workers were started: ")
          .hasMessageEndingWith("; start a new group");
    }
  }

  @Test
  void workersThatAreNotThereInTheTimeThatIsGivenAreTold() {
    assertThatThrownBy(() -> Workers.processes(1, Duration.ofMillis(1), PACKAGE))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("did not listen within 0.001 s");
  }

  @Test
  void badNumbersAreRefused() {
    assertThatThrownBy(() -> Workers.processes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a group has at least 1 worker, not 0");
  }
}
