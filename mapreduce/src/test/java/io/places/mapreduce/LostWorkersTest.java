package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.text.TextOutput;
import io.places.node.RemoteNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Worker processes that are killed, or fall silent, at the worst moments. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class LostWorkersTest {
  private static final String PACKAGE = LostWorkersTest.class.getPackageName();
  private static final String MAP_ATTEMPT = "map-attempt-";
  private static final String REDUCE_ATTEMPT = "reduce-attempt-";
  private static final String READ = "read ";

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

  static class CountedSplit implements Mapper<Long, String, String, Long> {
    private final Words.Split split = new Words.Split();

    @Override
    public void setup(Context<String, Long> context) {
      Marks.count(context, MAP_ATTEMPT);
    }

    @Override
    public void map(Long offset, String line, Context<String, Long> context) throws Exception {
      split.map(offset, line, context);
    }
  }

  /** Tells in which process each file is read: the first word of a file is its name. */
  static final class TellingSplit extends CountedSplit {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) throws Exception {
      if (offset == 0) {
        String file = line.split(" ", -1)[0];
        Marks.count(context, READ + file + " " + ProcessHandle.current().pid() + " ");
      }
      super.map(offset, line, context);
    }
  }

  static final class DeadlyOnceSplit extends CountedSplit {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) throws Exception {
      super.map(offset, line, context);
      if (offset > 5_000 && Marks.first(context, "death")) {
        Runtime.getRuntime().halt(9);
      }
    }
  }

  static final class DeadlySplit extends CountedSplit {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      Runtime.getRuntime().halt(9);
    }
  }

  static final class SilentOnceSplit extends CountedSplit {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) throws Exception {
      super.map(offset, line, context);
      if (offset > 5_000) {
        fallSilentOnce(context);
      }
    }
  }

  private static void fallSilentOnce(Context<?, ?> context) throws Exception {
    if (Marks.first(context, "silence")) {
      signalItself("-STOP");
    }
  }

  private static void signalItself(String signal) throws Exception {
    String self = Long.toString(ProcessHandle.current().pid());
    new ProcessBuilder("kill", signal, self).start().waitFor();
  }

  static class CountedTotal implements Reducer<String, Long, String, Long> {
    private final Words.Total total = new Words.Total();

    @Override
    public void setup(Context<String, Long> context) {
      Marks.count(context, REDUCE_ATTEMPT);
    }

    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context)
        throws Exception {
      total.reduce(word, counts, context);
    }
  }

  /** In the middle of its output. */
  static final class SilentOnceTotal extends CountedTotal {
    private int words;

    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context)
        throws Exception {
      super.reduce(word, counts, context);
      words++;
      if (words == 100) {
        fallSilentOnce(context);
      }
    }
  }

  static final class DeadlyOnceTotal extends CountedTotal {
    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context)
        throws Exception {
      super.reduce(word, counts, context);
      if (Marks.first(context, "death")) {
        signalItself("-KILL");
      }
    }
  }

  /** So much that no worker's share has reached the reducer before the first key is reduced. */
  static final class BulkyMapper implements Mapper<Long, String, Long, byte[]> {
    static final int SIZE = 256 << 10;

    /** What there must be for each key. */
    static Map<String, Long> lengths(Path folder) throws IOException {
      Map<String, Long> lengths = new TreeMap<>();
      for (String name : Parts.names(folder)) {
        long offset = 0;
        for (String line : Files.readAllLines(folder.resolve(name))) {
          if (offset % 40 == 0) {
            lengths.merge(Long.toString(offset), (long) SIZE, Long::sum);
          }
          offset += line.length() + 1;
        }
      }
      return lengths;
    }

    @Override
    public void setup(Context<Long, byte[]> context) {
      Marks.count(context, MAP_ATTEMPT);
    }

    @Override
    public void map(Long offset, String line, Context<Long, byte[]> context) {
      if (offset % 40 == 0) {
        context.emit(offset, new byte[SIZE]);
      }
    }
  }

  static final class KillsAnother implements Reducer<Long, byte[], Long, Long> {
    @Override
    public void reduce(Long key, Iterable<byte[]> values, Context<Long, Long> context) {
      if (Marks.first(context, "death")) {
        long self = ProcessHandle.current().pid();
        Arrays.stream(context.parameter("pids").split(" ", -1))
            .map(Long::valueOf)
            .filter(pid -> pid != self)
            .findFirst()
            .flatMap(ProcessHandle::of)
            .orElseThrow()
            .destroyForcibly();
      }
      long length = 0;
      for (byte[] value : values) {
        length += value.length;
      }
      context.emit(key, length);
    }
  }

  private Job job(
      Class<? extends Mapper<Long, String, String, Long>> mapper,
      Class<? extends Reducer<String, Long, String, Long>> reducer,
      Path to) {
    return Job.named("test")
        .input(LinesOfEachFile.in(input))
        .map(mapper)
        .reduce(reducer)
        .reducers(4)
        .parameter(Marks.FOLDER, marks.toString())
        .output(TextOutput.to(to));
  }

  /** Each task was run once, and those that were lost a second time; no others. */
  private void assertOnlyTheLostWereRunAgain(JobReport report) throws IOException {
    Faults faults = report.faults();
    assertThat(Marks.counted(marks, MAP_ATTEMPT))
        .isEqualTo(report.maps() + faults.lostMaps() + faults.secondAttempts());
    assertThat(report.phases().stream().mapToInt(JobPhase::attempts).sum())
        .isEqualTo(
            report.maps()
                + report.reduces()
                + faults.lostMaps()
                + faults.lostReduces()
                + faults.refetches()
                + faults.secondAttempts());
  }

  private void beginEachFileWithItsName() throws IOException {
    for (String name : Parts.names(input)) {
      Path file = input.resolve(name);
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      lines.set(0, name + " w0");
      Files.write(file, lines);
    }
  }

  /** The processes that have read each file, one as often as it did. */
  private Map<String, List<Long>> readers() throws IOException {
    Map<String, List<Long>> readers = new TreeMap<>();
    for (String mark : Parts.names(marks)) {
      if (mark.startsWith(READ)) {
        String[] fields = mark.split(" ", -1);
        readers.computeIfAbsent(fields[1], file -> new ArrayList<>()).add(Long.valueOf(fields[2]));
      }
    }
    return readers;
  }

  /** The processes themselves tell it, not the report. */
  private void assertReadTwiceIsWhatTheKilledHadRead(JobReport report, long killed, long left)
      throws IOException {
    Map<String, List<Long>> readers = readers();
    assertThat(readers).hasSize(report.maps());
    assertThat(readers.values())
        .as("readers of each file: %s", readers)
        .filteredOn(processes -> processes.contains(killed))
        .hasSize(report.faults().lostMaps())
        .allSatisfy(processes -> assertThat(processes).containsExactlyInAnyOrder(killed, left));
    assertThat(readers.values())
        .filteredOn(processes -> !processes.contains(killed))
        .allSatisfy(processes -> assertThat(processes).containsExactly(left));
  }

  private void assertCounted(JobReport report, Path in) throws IOException {
    assertThat(Texts.output(in)).isEqualTo(Texts.counts(input));
    assertThat(Parts.names(in)).hasSize(4);
    assertThat(report.counters().get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(10_000);
    assertThat(report.counters().get(TaskCounter.REDUCE_INPUT_RECORDS)).isEqualTo(20_000);
    assertThat(report.faults().lostWorkers()).isEqualTo(1);
  }

  @Test
  void aWorkerKilledInAMapTaskLosesThatTaskAndWhatItHadMade() throws IOException {
    try (Workers group = Processes.start(3, PACKAGE)) {
      JobReport report =
          group.run(job(DeadlyOnceSplit.class, Words.Total.class, output), JobListener.NONE);

      assertCounted(report, output);
      assertThat(report.faults().lostMaps()).isPositive().isLessThan(report.maps());
      assertOnlyTheLostWereRunAgain(report);

      Path next = folder.resolve("next");
      Job again = job(CountedSplit.class, Words.Total.class, next).withoutSecondAttempts();
      JobReport calm = group.run(again, JobListener.NONE);
      assertThat(calm.faults()).isEqualTo(new Faults(0, 0, 0, 0, 0, 0, 0, 0));
      assertThat(Texts.output(next)).isEqualTo(Texts.counts(input));
      assertThat(group.nodes()).hasSize(2);
    }
  }

  @Test
  void aWorkerKilledAfterItsMapOutputWasMadeLosesJustThat() throws IOException {
    beginEachFileWithItsName();
    try (Workers group = Processes.start(2, PACKAGE)) {
      RemoteNode dies = group.nodes().getFirst();
      long killedProcess = dies.processId();
      long otherProcess = group.nodes().getLast().processId();
      var killed = new AtomicBoolean();
      JobReport report =
          group.run(
              job(TellingSplit.class, Words.Total.class, output).withoutSecondAttempts(),
              progress -> {
                if (progress.mapsDone() == progress.maps() && killed.compareAndSet(false, true)) {
                  dies.kill();
                }
              });

      assertCounted(report, output);
      assertThat(report.faults().lostMaps()).isPositive().isLessThan(report.maps());
      assertThat(report.faults().failedReduces()).isZero();
      assertOnlyTheLostWereRunAgain(report);
      assertReadTwiceIsWhatTheKilledHadRead(report, killedProcess, otherProcess);
    }
  }

  @Test
  void aWorkerKilledInAReduceTaskLosesThatTask() throws IOException {
    var oneEach = WorkerOptions.standard().tasksAtATime(1);
    try (Workers group = Workers.launch(2, Processes.launcher(), oneEach, PACKAGE)) {
      JobReport report =
          group.run(job(CountedSplit.class, DeadlyOnceTotal.class, output), JobListener.NONE);

      assertCounted(report, output);
      assertThat(report.faults().lostReduces()).isEqualTo(1);
      assertThat(report.faults().failedReduces()).isZero();
      assertOnlyTheLostWereRunAgain(report);
      int attempts = report.phases().getLast().attempts();
      assertThat(Marks.counted(marks, REDUCE_ATTEMPT))
          .as("those that came to nothing for want of map output may not have begun")
          .isBetween(attempts - report.faults().refetches(), attempts);
    }
  }

  @Test
  void aWorkerKilledWhileAReducerReadsItsMapOutputDoesNotFailTheReducer() throws IOException {
    try (Workers group = Processes.start(3, PACKAGE)) {
      String pids =
          group.nodes().stream()
              .map(node -> Long.toString(node.processId()))
              .collect(Collectors.joining(" "));
      JobReport report =
          group.run(
              Job.named("test")
                  .input(LinesOfEachFile.in(input))
                  .map(BulkyMapper.class)
                  .reduce(KillsAnother.class)
                  .parameter(Marks.FOLDER, marks.toString())
                  .parameter("pids", pids)
                  .output(TextOutput.to(output)),
              JobListener.NONE);

      assertThat(report.faults().lostWorkers()).isEqualTo(1);
      assertThat(report.faults().refetches()).isPositive();
      assertThat(report.faults().failedReduces()).isZero();
      assertThat(report.faults().lostMaps()).isPositive().isLessThan(report.maps());
      assertOnlyTheLostWereRunAgain(report);
      assertThat(Texts.output(output)).isEqualTo(BulkyMapper.lengths(input));
    }
  }

  @Test
  void theLastWorkerMayBeLostWhenAllIsDone() throws IOException {
    try (Workers group = Processes.start(1, PACKAGE)) {
      JobReport report =
          group.run(
              job(CountedSplit.class, Words.Total.class, output),
              progress -> {
                if (progress.reducesDone() == progress.reduces()) {
                  group.nodes().getFirst().kill();
                }
              });

      assertThat(Texts.output(output)).isEqualTo(Texts.counts(input));
      assertOnlyTheLostWereRunAgain(report);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aWorkerThatFallsSilentInAReduceTaskIsGivenUpAndItsOutputIsOfOneAttempt() throws IOException {
    try (Workers group = Processes.start(2, PACKAGE)) {
      JobReport report =
          group.run(job(CountedSplit.class, SilentOnceTotal.class, output), JobListener.NONE);

      assertCounted(report, output);
      assertThat(marks.resolve("silence")).exists();
      assertThat(report.faults().lostReduces() + report.faults().secondAttempts()).isPositive();
      assertThat(report.faults().failedReduces()).isZero();
      assertThat(group.nodes()).hasSize(1);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aWorkerThatFallsSilentIsGivenUpAndItsTasksAreDoneElsewhere() throws IOException {
    try (Workers group = Processes.start(2, PACKAGE)) {
      JobReport report =
          group.run(job(SilentOnceSplit.class, Words.Total.class, output), JobListener.NONE);

      assertThat(marks.resolve("silence")).exists();
      assertThat(report.faults().secondAttempts()).as("made while the worker was silent").isPositive();
      assertThat(Texts.output(output)).isEqualTo(Texts.counts(input));
      assertThat(Parts.names(output)).as("of one attempt each").hasSize(4);
      assertThat(report.counters().get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(10_000);
      assertOnlyTheLostWereRunAgain(report);
    }
  }

  @Test
  void aJobThatKillsEveryWorkerFailsSayingSoAndLeavesNoOutput() {
    try (Workers group = Processes.start(2, PACKAGE)) {
      Job job = job(DeadlySplit.class, Words.Total.class, output);
      assertThatThrownBy(() -> group.run(job, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageMatching(
              "job 'test' failed: no worker is left: node node-\\d was lost while it ran map task"
                  + " .*ended with exit code 9.*; a class of the job may have ended the process, as System.exit"
                  + " does");
      assertThat(output).doesNotExist();

      assertThatThrownBy(() -> group.run(job, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessage("job 'test' failed: no worker is left: all were lost before; start a new group");
      assertThat(output).doesNotExist();
    }
  }

  /** Fails in one process only. */
  static final class FailsInOneProcess implements Reducer<String, Long, String, Long> {
    private final Words.Total total = new Words.Total();

    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
      if (context.parameter("pids").equals(Long.toString(ProcessHandle.current().pid()))) {
        throw new IllegalStateException("nothing works here");
      }
      total.reduce(word, counts, context);
    }
  }

  @Test
  void aWorkerOnWhichThreeAttemptsFailedGetsNoMore() throws IOException {
    try (Workers group = Processes.start(2, PACKAGE)) {
      RemoteNode bad = group.nodes().getFirst();
      JobReport report =
          group.run(
              Job.named("test")
                  .input(LinesOfEachFile.in(input))
                  .map(Words.Split.class)
                  .reduce(FailsInOneProcess.class)
                  .reducers(20)
                  .parameter("pids", Long.toString(bad.processId()))
                  .output(TextOutput.to(output))
                  .withoutSecondAttempts(),
              JobListener.NONE);

      assertThat(report.faults()).isEqualTo(new Faults(0, 3, 0, 0, 0, 0, 0, 1));
      assertThat(Texts.output(output)).isEqualTo(Texts.counts(input));
    }
  }
}
