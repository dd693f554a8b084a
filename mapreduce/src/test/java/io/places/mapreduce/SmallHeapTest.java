package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.launch.Launcher;
import io.places.mapreduce.text.TextOutput;
import io.places.node.RemoteNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with more data than the heap of their workers, which are processes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class SmallHeapTest {
  private static final String PACKAGE = SmallHeapTest.class.getPackageName();
  private static final int FILES = 4;
  private static final int LINES = 30_000;
  private static final int VALUE_BYTES = 1_000;
  private static final Launcher SMALL = Processes.launcher().jvmOption("-Xmx48m");

  @TempDir private Path folder;
  private Path input;
  private Path output;
  private Path temporary;

  @BeforeEach
  void makeFolders() throws IOException {
    input = Files.createDirectory(folder.resolve("in"));
    output = folder.resolve("out");
    temporary = Files.createDirectory(folder.resolve("temporary"));
    for (int file = 0; file < FILES; file++) {
      List<String> lines = new ArrayList<>();
      for (int line = 0; line < LINES; line++) {
        lines.add(Long.toString(Integer.toUnsignedLong((file * LINES + line) * 0x9E3779B9)));
      }
      Files.write(input.resolve("file-" + file), lines);
    }
  }

  static class Blow implements Mapper<Long, String, Long, byte[]> {
    @Override
    public void map(Long offset, String line, Context<Long, byte[]> context) throws Exception {
      context.emit(key(line), new byte[VALUE_BYTES]);
    }

    long key(String line) {
      return Long.parseLong(line);
    }
  }

  /** More different words than a table of numbers holds in such a heap, each in several files. */
  static final class ManyWords implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      words(line).forEach(word -> context.emit(word, 1L));
    }

    static List<String> words(String line) {
      long number = Long.parseLong(line) % 60_000;
      return IntStream.range(0, 6).mapToObj(i -> "word " + i + " of " + number).toList();
    }
  }

  static final class Add implements LongCombiner<String> {
    @Override
    public long combine(long left, long right) {
      return left + right;
    }
  }

  static final class BlowOneKey extends Blow {
    @Override
    long key(String line) {
      return 1;
    }
  }

  static final class BlowAndDieOnce extends Blow {
    private int lines;

    @Override
    public void map(Long offset, String line, Context<Long, byte[]> context) throws Exception {
      super.map(offset, line, context);
      lines++;
      if (lines == LINES - 10 && Marks.first(context, "death")) {
        Runtime.getRuntime().halt(9);
      }
    }
  }

  /** Fails near the end of one file, each time. */
  static final class BlowAndFail extends Blow {
    private boolean first;
    private int lines;

    @Override
    public void map(Long offset, String line, Context<Long, byte[]> context) throws Exception {
      super.map(offset, line, context);
      first |= line.equals("0"); // the first line of the first file
      lines++;
      if (first && lines == LINES - 10) {
        if (temporaryFilesOpenIn(ProcessHandle.current().pid()) > 0) {
          Marks.first(context, "spilled");
        }
        throw new IllegalStateException("never mind");
      }
    }
  }

  /** They have no names any more. */
  private static long temporaryFilesOpenIn(long process) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process), "fd"))) {
      return open.filter(SmallHeapTest::isTemporary).count();
    }
  }

  private static boolean isTemporary(Path open) {
    try {
      return Files.readSymbolicLink(open).toString().contains("/places-mapreduce-");
    } catch (IOException e) {
      return false; // it has been closed
    }
  }

  static final class CountBytes implements Reducer<Long, byte[], Long, Long> {
    @Override
    public void reduce(Long key, Iterable<byte[]> values, Context<Long, Long> context) {
      long bytes = 0;
      for (byte[] value : values) {
        bytes += value.length;
      }
      context.emit(key, bytes);
    }
  }

  /** One that is slow to begin: all that may come to it unread has come then. */
  static final class CountBytesLate implements Reducer<Long, byte[], Long, Long> {
    private final CountBytes count = new CountBytes();
    private boolean begun;

    @Override
    public void reduce(Long key, Iterable<byte[]> values, Context<Long, Long> context)
        throws InterruptedException {
      if (!begun) {
        begun = true;
        Thread.sleep(1_000);
      }
      count.reduce(key, values, context);
    }
  }

  static final class ByRemainder implements Partitioner<Long> {
    @Override
    public int partition(Long key, int partitions) {
      return (int) (key % partitions);
    }
  }

  /** Those of the first half of the partitions begin when those of the other half are done. */
  static final class FirstHalfLast implements Reducer<Long, byte[], Long, Long> {
    static final int PARTITIONS = 6;

    private final CountBytes count = new CountBytes();
    private long partition = -1;

    @Override
    public void reduce(Long key, Iterable<byte[]> values, Context<Long, Long> context)
        throws InterruptedException {
      if (partition < 0) {
        partition = key % PARTITIONS;
        if (partition < PARTITIONS / 2) {
          awaitOthers(Path.of(context.parameter(Marks.FOLDER)));
        }
      }
      count.reduce(key, values, context);
    }

    private static void awaitOthers(Path marks) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      for (int other = PARTITIONS / 2; other < PARTITIONS; other++) {
        while (!Files.exists(marks.resolve("done-" + other))) {
          if (System.nanoTime() - deadline > 0) {
            throw new IllegalStateException("partition " + other + " does not get on");
          }
          Thread.sleep(10);
        }
      }
    }

    @Override
    public void cleanup(Context<Long, Long> context) {
      Marks.first(context, "done-" + partition);
    }
  }

  private JobReport run(Class<? extends Mapper<Long, String, Long, byte[]>> mapper, int workers)
      throws IOException {
    return run(mapper, CountBytes.class, workers);
  }

  private JobReport run(
      Class<? extends Mapper<Long, String, Long, byte[]>> mapper,
      Class<? extends Reducer<Long, byte[], Long, Long>> reducer,
      int workers)
      throws IOException {
    var options = WorkerOptions.standard().tasksAtATime(1).temporary(temporary);
    try (Workers group = Workers.launch(workers, SMALL, options, PACKAGE)) {
      JobReport report =
          group.run(
              Job.named("test")
                  .input(LinesOfEachFile.in(input))
                  .map(mapper)
                  .reduce(reducer)
                  .parameter(Marks.FOLDER, folder.toString())
                  .output(TextOutput.to(output))
                  .withoutSecondAttempts(),
              JobListener.NONE);
      assertThat(Parts.names(temporary)).isEmpty();
      return report;
    }
  }

  @Test
  void aJobSortsMoreThanTheHeapsOfItsWorkersHold() throws IOException {
    JobReport report = run(Blow.class, CountBytesLate.class, 4);

    assertThat(report.faults()).isEqualTo(Faults.NONE);
    assertThat(report.counters().get(TaskCounter.SPILLED_BYTES)).isGreaterThan(64 << 20);
    assertThat(report.phases().getFirst().name()).isEqualTo("map");
    assertThat(report.phases().getFirst().spilledBytes()).isPositive();
    List<Long> keys =
        Parts.lines(output, 0).stream().map(line -> Long.valueOf(line.split("\t", -1)[0])).toList();
    assertThat(keys).hasSize(FILES * LINES).isSorted().doesNotHaveDuplicates();
    assertThat(Parts.lines(output, 0)).allMatch(line -> line.endsWith("\t" + VALUE_BYTES));
  }

  @Test
  void reducersThatDoNotReadHoldUpNoOthers() throws IOException {
    var options = WorkerOptions.standard().tasksAtATime(2).temporary(temporary);
    JobReport report;
    try (Workers group = Workers.launch(3, SMALL, options, PACKAGE)) {
      report =
          group.run(
              Job.named("test")
                  .input(LinesOfEachFile.in(input))
                  .map(Blow.class)
                  .partition(ByRemainder.class)
                  .reduce(FirstHalfLast.class)
                  .reducers(FirstHalfLast.PARTITIONS)
                  .parameter(Marks.FOLDER, folder.toString())
                  .output(TextOutput.to(output)),
              JobListener.NONE);
    }

    assertThat(report.faults().failedReduces()).isZero();
    assertThat(report.faults().refetches()).isZero();
    assertThat(report.faults().lostWorkers()).isZero();
    assertThat(report.counters().get(TaskCounter.REDUCE_INPUT_RECORDS)).isEqualTo(FILES * LINES);
  }

  @Test
  void moreWordsThanATableOfNumbersHoldsAreCountedAllTheSame() throws IOException {
    var options = WorkerOptions.standard().temporary(temporary).mapOutputMemory(1 << 20);
    JobReport report;
    try (Workers group = Workers.launch(1, SMALL, options, PACKAGE)) {
      report =
          group.run(
              Job.named("test")
                  .input(LinesOfEachFile.in(input))
                  .map(ManyWords.class)
                  .combine(Add.class)
                  .reduce(Words.Total.class)
                  .output(TextOutput.to(output)),
              JobListener.NONE);
    }

    Map<String, Long> expected = new HashMap<>();
    long inOneRoundEach = 0;
    for (String file : Parts.names(input)) {
      Set<String> ofFile = new HashSet<>();
      for (String line : Files.readAllLines(input.resolve(file))) {
        for (String word : ManyWords.words(line)) {
          expected.merge(word, 1L, Long::sum);
          ofFile.add(word);
        }
      }
      inOneRoundEach += ofFile.size();
    }
    assertThat(Texts.output(output).equals(expected)).isTrue(); // too many to be printed
    assertThat(report.counters().get(TaskCounter.COMBINE_OUTPUT_RECORDS))
        .as("by map tasks, and by the reduce task")
        .isGreaterThan(inOneRoundEach + expected.size());
    assertThat(report.counters().get(TaskCounter.SPILLED_BYTES)).isGreaterThan(4 << 20);
    assertThat(Parts.names(temporary)).isEmpty();
  }

  @Test
  void aGroupLargerThanTheHeapStreamsThroughItsReducer() throws IOException {
    JobReport report = run(BlowOneKey.class, 2);

    assertThat(report.counters().get(TaskCounter.REDUCE_INPUT_GROUPS)).isEqualTo(1);
    assertThat(Parts.lines(output, 0)).containsExactly("1\t" + (long) FILES * LINES * VALUE_BYTES);
  }

  @Test
  void aWorkerThatIsKilledWhileItSpillsLeavesNoTemporaryFiles() throws IOException {
    JobReport report = run(BlowAndDieOnce.class, 2);

    assertThat(report.faults().lostWorkers()).isEqualTo(1);
    assertThat(report.counters().get(TaskCounter.SPILLED_BYTES)).isPositive();
    assertThat(Parts.lines(output, 0)).hasSize(FILES * LINES);
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where the files that a process has open can be asked for
  void aJobThatFailsAfterItHasSpilledLeavesNoTemporaryFilesNotEvenOpenOnes() throws Exception {
    var options = WorkerOptions.standard().tasksAtATime(1).temporary(temporary);
    try (Workers group = Workers.launch(2, SMALL, options, PACKAGE)) {
      Job job =
          Job.named("test")
              .input(LinesOfEachFile.in(input))
              .map(BlowAndFail.class)
              .reduce(CountBytes.class)
              .parameter(Marks.FOLDER, folder.toString())
              .output(TextOutput.to(output));
      assertThatThrownBy(() -> group.run(job, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("failed 4 times")
          .hasMessageContaining("never mind");

      assertThat(folder.resolve("spilled")).exists();
      assertThat(group.nodes()).hasSize(2);
      for (RemoteNode worker : group.nodes()) {
        awaitNoTemporaryFileOpenIn(worker.processId());
      }
      assertThat(Parts.names(temporary)).isEmpty();
    }
    assertThat(output).doesNotExist();
  }

  /** The job waits 2 s at most for tasks to end, which may be too short on a busy machine. */
  private static void awaitNoTemporaryFileOpenIn(long process) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (temporaryFilesOpenIn(process) > 0 && System.nanoTime() - deadline < 0) {
      Thread.sleep(10);
    }
    assertThat(temporaryFilesOpenIn(process)).isZero();
  }
}
