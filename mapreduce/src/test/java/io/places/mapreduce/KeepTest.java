package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.text.TextOutput;
import io.places.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over the same input, round after round, whose records stay with the workers. */
class KeepTest {
  private static final String PACKAGE = KeepTest.class.getPackageName();
  private static final int FILES = 6;
  private static final SideData<Factor> FACTOR = new SideData<>("factor", Factor.class);

  /** The workers are in this JVM: they count here. */
  private static final AtomicInteger PARSED = new AtomicInteger();

  @TempDir private Path folder;
  private Path input;
  private int outputs;

  record Factor(long number) {}

  record Parsed(long number) {}

  @BeforeEach
  void makeInput() throws IOException {
    input = Files.createDirectory(folder.resolve("in"));
    for (int file = 0; file < FILES; file++) {
      Files.writeString(input.resolve("file-" + file), "1\n2\n3\n");
    }
    PARSED.set(0);
  }

  static final class Parse implements Mapper<Long, String, Long, Parsed> {
    @Override
    public void map(Long offset, String line, Context<Long, Parsed> context) {
      PARSED.incrementAndGet();
      context.emit(offset, new Parsed(Long.parseLong(line)));
    }
  }

  static final class AsksForSideData implements Mapper<Long, String, Long, Parsed> {
    @Override
    public void map(Long offset, String line, Context<Long, Parsed> context) {
      context.emit(offset, new Parsed(context.side(FACTOR).number()));
    }
  }

  static final class Times implements Mapper<Long, Parsed, String, Long> {
    @Override
    public void map(Long offset, Parsed number, Context<String, Long> context) {
      if (number.number() < 0) {
        throw new IllegalStateException("negative");
      }
      context.emit("sum", number.number() * context.side(FACTOR).number());
    }
  }

  private Job job(long factor, String parameter) {
    return job(Parse.class, factor, parameter);
  }

  private Job job(
      Class<? extends Mapper<Long, String, Long, Parsed>> parse, long factor, String parameter) {
    return Job.named("round")
        .input(LinesOfEachFile.in(input))
        .pipe(parse)
        .keep()
        .map(Times.class)
        .reduce(Words.Total.class)
        .parameter("of all", parameter)
        .output(TextOutput.to(folder.resolve("out-" + outputs++)))
        .side(FACTOR, new Factor(factor))
        .withoutSecondAttempts();
  }

  private List<String> output() throws IOException {
    return Parts.sorted(folder.resolve("out-" + (outputs - 1)));
  }

  @Test
  void theSecondRoundReadsAndParsesNothing() throws IOException {
    try (Workers group = Workers.launch(3, Node.inThisJvm(), PACKAGE)) {
      JobReport first = group.run(job(1, "a"), JobListener.NONE);
      assertThat(output()).containsExactly("sum\t36");
      assertThat(PARSED).hasValue(3 * FILES);
      assertThat(first.counters().get(TaskCounter.MAP_INPUT_BYTES)).isEqualTo(6 * FILES);
      assertThat(first.phases().getFirst().bytes()).isEqualTo(6 * FILES);

      for (int round = 2; round < 5; round++) {
        JobReport next = group.run(job(round, "a"), JobListener.NONE);
        assertThat(output()).containsExactly("sum\t" + 36 * round);
        assertThat(PARSED).hasValue(3 * FILES);
        assertThat(next.counters().get(TaskCounter.MAP_INPUT_BYTES)).isZero();
        assertThat(next.phases().getFirst().bytes()).isZero();
        assertThat(next.counters().get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(3 * FILES);
      }

      group.run(job(1, "b"), JobListener.NONE);
      assertThat(PARSED).as("with other parameters").hasValue(2 * 3 * FILES);
    }
  }

  /** Fills one array again and again, as whoever comes from Hadoop may do. */
  static final class ParseIntoOneArray implements Mapper<Long, String, Long, long[]> {
    private final long[] number = new long[1];

    @Override
    public void map(Long offset, String line, Context<Long, long[]> context) {
      number[0] = Long.parseLong(line);
      context.emit(offset, number);
    }
  }

  static final class First implements Mapper<Long, long[], String, Long> {
    @Override
    public void map(Long offset, long[] number, Context<String, Long> context) {
      context.emit("sum", number[0]);
    }
  }

  @Test
  void whatIsKeptIsAsItWasEmittedThoughTheMapperUsesItAgain() throws IOException {
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      for (int round = 1; round <= 2; round++) {
        Path output = folder.resolve("out-" + outputs++);
        group.run(
            Job.named("round")
                .input(LinesOfEachFile.in(input))
                .pipe(ParseIntoOneArray.class)
                .keep()
                .map(First.class)
                .reduce(Words.Total.class)
                .output(TextOutput.to(output)),
            JobListener.NONE);
        assertThat(Parts.sorted(output)).containsExactly("sum\t36");
      }
    }
  }

  static final class ParseAndMark implements Mapper<Long, String, Long, Parsed> {
    @Override
    public void map(Long offset, String line, Context<Long, Parsed> context) {
      Marks.count(context, "parsed-");
      context.emit(offset, new Parsed(Long.parseLong(line)));
    }
  }

  @Test
  void processesKeepWhatTheyHaveParsedAndParseItOnce() throws IOException {
    Path marks = Files.createDirectory(folder.resolve("marks"));
    long splitsParsed = 0; // by attempts that count
    int secondAttempts = 0; // each of which may parse one more, or a part of it
    try (Workers group = Workers.processes(2, PACKAGE)) {
      for (int round = 1; round <= 3; round++) {
        JobReport report =
            group.run(
                Job.named("round")
                    .input(LinesOfEachFile.in(input))
                    .pipe(ParseAndMark.class)
                    .keep()
                    .map(Times.class)
                    .reduce(Words.Total.class)
                    .parameter(Marks.FOLDER, marks.toString())
                    .output(TextOutput.to(folder.resolve("out-" + outputs++)))
                    .side(FACTOR, new Factor(round)),
                JobListener.NONE);
        assertThat(output()).containsExactly("sum\t" + 36 * round);
        long bytes = report.counters().get(TaskCounter.MAP_INPUT_BYTES);
        if (round == 1 || !wentElsewhere(report)) {
          assertThat(bytes).isEqualTo(round == 1 ? 6 * FILES : 0);
        }
        splitsParsed += bytes / 6;
        secondAttempts += report.faults().secondAttempts();
        assertThat((long) Marks.counted(marks, "parsed-"))
            .isBetween(3 * splitsParsed, 3 * (splitsParsed + secondAttempts));
      }
    }
  }

  /** Whether a task may have gone where its records are not kept: for that one must have run for a second. */
  private static boolean wentElsewhere(JobReport report) {
    Duration slowest = report.phases().getFirst().slowest().orElseThrow().time();
    return report.faults().secondAttempts() > 0 || slowest.compareTo(Duration.ofSeconds(1)) > 0;
  }

  @Test
  void whatALostWorkerKeptIsMadeAgainAndNothingElse() throws IOException {
    try (Workers group = Workers.launch(3, Node.inThisJvm(), PACKAGE)) {
      group.run(job(1, "a"), JobListener.NONE);
      group.nodes().getFirst().kill();
      group.run(job(2, "a"), JobListener.NONE);
      assertThat(output()).containsExactly("sum\t72");
      assertThat(PARSED.get()).isGreaterThan(3 * FILES).isLessThan(2 * 3 * FILES);

      int parsed = PARSED.get();
      group.run(job(3, "a"), JobListener.NONE);
      assertThat(output()).containsExactly("sum\t108");
      assertThat(PARSED).hasValue(parsed);
    }
  }

  /** Two workers that parse side by side have as many files each. */
  static final class ParseInStep implements Mapper<Long, String, Long, Parsed> {
    static volatile CyclicBarrier both = new CyclicBarrier(1);

    @Override
    public void map(Long offset, String line, Context<Long, Parsed> context) throws Exception {
      if (offset == 0) {
        both.await();
      }
      PARSED.incrementAndGet();
      context.emit(offset, new Parsed(Long.parseLong(line)));
    }
  }

  /** Never gets on in the first task that it has in the second round. */
  static final class StuckOnce implements Mapper<Long, Parsed, String, Long> {
    static final AtomicBoolean STUCK = new AtomicBoolean();

    @Override
    public void map(Long offset, Parsed number, Context<String, Long> context)
        throws InterruptedException {
      long factor = context.side(FACTOR).number();
      if (factor == 2 && STUCK.compareAndSet(false, true)) {
        new CountDownLatch(1).await();
      }
      context.emit("sum", number.number() * factor);
    }
  }

  private Job stuckOnce(long factor) {
    return Job.named("round")
        .input(LinesOfEachFile.in(input))
        .pipe(ParseInStep.class)
        .keep()
        .map(StuckOnce.class)
        .reduce(Words.Total.class)
        .output(TextOutput.to(folder.resolve("out-" + outputs++)))
        .side(FACTOR, new Factor(factor));
  }

  @Test
  @Timeout(30)
  void whatAWorkerKeepsThatIsStuckIsMadeAgainByAnother() throws IOException {
    StuckOnce.STUCK.set(false);
    ParseInStep.both = new CyclicBarrier(2);
    var oneEach = WorkerOptions.standard().tasksAtATime(1);
    try (Workers group = Workers.launch(2, Node.inThisJvm(), oneEach, PACKAGE)) {
      group.run(stuckOnce(1), JobListener.NONE);
      assertThat(output()).containsExactly("sum\t36");
      assertThat(PARSED).hasValue(3 * FILES);

      ParseInStep.both = new CyclicBarrier(1);
      JobReport report = group.run(stuckOnce(2), JobListener.NONE);

      assertThat(output()).containsExactly("sum\t72");
      assertThat(PARSED).as("with all that the worker keeps").hasValue(3 * FILES + 3 * FILES / 2);
      assertThat(report.counters().get(TaskCounter.MAP_INPUT_BYTES)).isEqualTo(6 * FILES / 2);
      assertThat(report.faults()).as("of the task at which it is").isEqualTo(new Faults(0, 0, 0, 0, 0, 1, 0, 0));
      assertThat(group.nodes()).hasSize(2);
    }
  }

  @Test
  void recordsOfAnInputCanBeKeptAsTheyAre() throws IOException {
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      for (int round = 0; round < 2; round++) {
        Path output = folder.resolve("words-" + round);
        JobReport report =
            group.run(
                Job.named("words")
                    .input(LinesOfEachFile.in(input))
                    .keep()
                    .map(Words.Split.class)
                    .reduce(Words.Total.class)
                    .output(TextOutput.to(output)),
                JobListener.NONE);
        assertThat(Parts.sorted(output)).containsExactly("1\t6", "2\t6", "3\t6");
        assertThat(report.counters().get(TaskCounter.MAP_INPUT_BYTES))
            .isEqualTo(round == 0 ? 6 * FILES : 0);
      }
    }
  }

  @Test
  void whatIsWrongBeforeAndBehindTheKeepingIsSaid() throws IOException {
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      Job asks = job(AsksForSideData.class, 1, "a");
      assertThatThrownBy(() -> group.run(asks, JobListener.NONE))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("there is no side data 'factor' before keep");

      Files.writeString(input.resolve("file-0"), "-1");
      Job negative = job(1, "c");
      assertThatThrownBy(() -> group.run(negative, JobListener.NONE))
          .hasMessageContaining("Times failed on record 0 of those kept, key '0' ('Parsed[number=-1]')");
    }
    assertThatThrownBy(() -> Job.named("x").input(LinesOfEachFile.in(input)).keep().keep())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the records are kept already, at an earlier place");
  }
}
