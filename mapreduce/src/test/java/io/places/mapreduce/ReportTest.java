package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.mapreduce.text.TextOutput;
import io.places.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job tells of itself while it runs and when it is done. */
class ReportTest {
  private static final String PACKAGE = ReportTest.class.getPackageName();

  @TempDir private Path folder;

  @Test
  void eachPhaseIsReportedWithItsTasksAndWhatTheyRead() throws IOException {
    Path input = Files.createDirectory(folder.resolve("in"));
    Files.writeString(input.resolve("large"), "x y z z\n".repeat(300));
    Files.writeString(input.resolve("small"), "x y z z\n".repeat(100));
    List<JobProgress> seen = new ArrayList<>();
    JobReport report;
    try (Workers group = Workers.launch(2, Node.inThisJvm(), PACKAGE)) {
      report =
          group.run(
              Job.named("words")
                  .input(LinesOfEachFile.in(input))
                  .map(Words.Split.class)
                  .reduce(Words.Total.class)
                  .reducers(3)
                  .output(TextOutput.to(folder.resolve("out"))),
              seen::add);
    }

    assertThat(report.phases()).extracting(JobPhase::name).containsExactly("map", "reduce");
    JobPhase map = report.phases().getFirst();
    assertThat(map.tasks()).isEqualTo(2);
    assertThat(map.attempts()).isEqualTo(2);
    assertThat(map.records()).isEqualTo(400);
    assertThat(map.bytes()).isEqualTo(3_200);
    assertThat(map.skew()).isEqualTo(1.5);
    assertThat(map.spilledBytes()).isZero();
    assertThat(map.time()).isEqualTo(report.mapTime());
    assertThat(map.slowest().orElseThrow().time()).isPositive().isLessThan(Duration.ofMinutes(1));
    assertThat(map.slowest().orElseThrow().node()).startsWith("node-");
    JobPhase reduce = report.phases().getLast();
    assertThat(reduce.tasks()).isEqualTo(3);
    assertThat(reduce.records()).isEqualTo(1_600);
    assertThat(reduce.skew()).isBetween(1.0, 3.0);

    JobProgress last = seen.getLast();
    assertThat(last.isReducing()).isTrue();
    assertThat(last.bytesReduced()).isEqualTo(last.bytesToReduce()).isEqualTo(reduce.bytes());
    assertThat(report.table().lines()).hasSize(3);
    assertThat(report.table().lines().skip(1))
        .first()
        .asString()
        .containsPattern("^map +2 +2 +\\d+\\.\\d\\d s +400 +3\\.2 kB +0 B +1\\.50 +\\d on node-\\d, \\d");
  }

  /** Text whose commit takes as long as all that was before it. */
  static final class SlowToCommit implements OutputFormat<Object, Object> {
    static volatile long begun;
    static volatile long committing;

    private final TextOutput text;

    SlowToCommit() {
      this(new TextOutput());
    }

    SlowToCommit(TextOutput text) {
      this.text = text;
    }

    @Override
    public Map<String, String> parameters() {
      return text.parameters();
    }

    @Override
    public void configure(Map<String, String> parameters) {
      text.configure(parameters);
    }

    @Override
    public RecordWriter<Object, Object> open(OutputPart part) throws IOException {
      return text.open(part);
    }

    @Override
    public OutputCommitter committer() {
      OutputCommitter committer = text.committer();
      return new OutputCommitter() {
        @Override
        public void begin() throws IOException {
          committer.begin();
        }

        @Override
        public void commit(Collection<OutputPart> parts) throws IOException {
          committing = System.nanoTime();
          LockSupport.parkNanos(committing - begun);
          committer.commit(parts);
        }

        @Override
        public void abort() throws IOException {
          committer.abort();
        }
      };
    }
  }

  @Test
  void timesDoNotHaveTheCommitInThem() throws IOException {
    Path input = Files.writeString(folder.resolve("in"), "x y z z\n");
    JobReport report;
    try (Workers group = Workers.launch(1, Node.inThisJvm(), PACKAGE)) {
      SlowToCommit.begun = System.nanoTime();
      report =
          group.run(
              Words.mapped(input)
                  .reduce(Words.Total.class)
                  .output(new SlowToCommit(TextOutput.to(folder.resolve("out")))),
              JobListener.NONE);
    }

    assertThat(report.mapTime().plus(report.reduceTime()))
        .isLessThanOrEqualTo(Duration.ofNanos(SlowToCommit.committing - SlowToCommit.begun));
    assertThat(report.phases().getLast().time()).isEqualTo(report.reduceTime());
  }

  @Test
  void failuresAreToldBelowThePhases() {
    JobReport report =
        new JobReport(
            Counters.NONE,
            0,
            0,
            Duration.ZERO,
            Duration.ZERO,
            new Faults(1, 0, 0, 0, 0, 0, 0, 0),
            List.of());
    assertThat(report.table()).contains("went wrong: ").contains("failedMaps=1");
  }

  @Test
  void numbersOfBytesAreReadable() {
    assertThat(List.of(0L, 999L, 1_000L, 1_500_000L, 4_000_000_000_000_000L))
        .extracting(ReportTable::bytes)
        .containsExactly("0 B", "999 B", "1.0 kB", "1.5 MB", "4000.0 TB");
  }
}
