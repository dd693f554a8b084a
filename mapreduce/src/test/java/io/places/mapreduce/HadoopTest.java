package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.mapreduce.text.BytesOutput;
import io.places.mapreduce.text.FixedRecords;
import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import io.places.node.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same classes give the same output here and on Hadoop, which reads, sorts and groups in its own way. */
@Timeout(120)
class HadoopTest {
  private static final int RECORD = 100;

  private static Workers group;

  @TempDir private Path folder;

  @BeforeAll
  static void startGroup() {
    group = Workers.launch(2, Node.inThisJvm(), HadoopTest.class.getPackageName());
  }

  @AfterAll
  static void endGroup() {
    group.close();
  }

  @Test
  void aWordCount() throws Exception {
    Path input = Texts.make(folder.resolve("in"));
    Job job =
        Words.mapped(input)
            .combine(Words.Sum.class)
            .reduce(Words.Total.class)
            .reducers(3)
            .output(TextOutput.to(folder.resolve("out")));

    JobReport report = group.run(job, JobListener.NONE);
    OnHadoop.Answer expected = OnHadoop.run(job, input, 0, folder);

    assertThat(Parts.sorted(folder.resolve("out"))).isEqualTo(expected.lines().stream().sorted().toList());
    assertCountersAreThoseOf(expected, report);
  }

  /** Joins the temperatures of a station, so that their order shows. */
  static final class JoinAll
      implements Reducer<JobModelTest.Reading, Double, String, String> {
    @Override
    public void reduce(
        JobModelTest.Reading key, Iterable<Double> values, Context<String, String> context) {
      StringBuilder all = new StringBuilder();
      values.forEach(value -> all.append(value).append(' '));
      context.emit(key.station(), all.toString());
    }
  }

  @Test
  void aSecondarySort() throws Exception {
    Path input = Files.createDirectory(folder.resolve("in"));
    Random random = Seeds.random();
    for (int file = 0; file < 3; file++) {
      List<String> lines = new ArrayList<>();
      for (int line = 0; line < 5_000; line++) {
        lines.add(
            "s%d,%d,%s"
                .formatted(random.nextInt(200), random.nextInt(1900, 2000), random.nextInt(-400, 400) / 10.0));
      }
      Files.write(input.resolve("file-" + file), lines);
    }
    Job job =
        Job.named("temperatures, the greatest first")
            .input(TextLines.of(input))
            .map(JobModelTest.ReadReading.class)
            .order(JobModelTest.HottestFirst.class)
            .reduce(JoinAll.class)
            .reducers(3)
            .output(TextOutput.to(folder.resolve("out")));

    JobReport report = group.run(job, JobListener.NONE);
    OnHadoop.Answer expected = OnHadoop.run(job, input, 0, folder);

    assertThat(expected.lines()).hasSize(200);
    assertThat(Parts.sorted(folder.resolve("out"))).isEqualTo(expected.lines().stream().sorted().toList());
    assertCountersAreThoseOf(expected, report);
  }

  @Test
  void aTotalSort() throws Exception {
    byte[] all = new byte[20_000 * RECORD];
    Random random = Seeds.random();
    random.nextBytes(all);
    for (int i = 0; i < 20_000; i += 3) { // many keys are there often
      Arrays.fill(all, i * RECORD + 1, i * RECORD + 10, (byte) 0);
    }
    Path input = Files.write(folder.resolve("records"), all);
    Job.Mapped<byte[], byte[]> records =
        Job.named("sort").input(FixedRecords.of(RECORD, input)).map(SortTest.CutKey.class);

    JobReport report =
        group.run(
            records
                .ranges()
                .reduce(SortTest.Emit.class)
                .reducers(4)
                .output(BytesOutput.to(folder.resolve("out"))),
            JobListener.NONE);
    OnHadoop.Answer expected = // one reducer there, whose output is sorted as a whole
        OnHadoop.run(
            records.reduce(SortTest.Emit.class).output(BytesOutput.to(folder.resolve("unused"))),
            input,
            RECORD,
            folder);

    List<String> sorted = sortedRecords();
    assertThat(keysOf(sorted)).isEqualTo(keysOf(expected.lines()));
    assertThat(sorted.stream().sorted().toList()).isEqualTo(expected.lines().stream().sorted().toList());
    assertCountersAreThoseOf(expected, report);
  }

  /** The records of all parts, one after the other, as Hadoop's lines have them. */
  private List<String> sortedRecords() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (String part : Parts.names(folder.resolve("out"))) {
      bytes.write(Files.readAllBytes(folder.resolve("out").resolve(part)));
    }
    byte[] all = bytes.toByteArray();
    List<String> records = new ArrayList<>();
    for (int at = 0; at < all.length; at += RECORD) {
      records.add(
          HexFormat.of().formatHex(all, at, at + 10) + "\t" + HexFormat.of().formatHex(all, at + 10, at + RECORD));
    }
    return records;
  }

  private static List<String> keysOf(List<String> lines) {
    return lines.stream().map(line -> line.substring(0, line.indexOf('\t'))).toList();
  }

  private static void assertCountersAreThoseOf(OnHadoop.Answer hadoop, JobReport report) {
    Counters ours = report.counters();
    assertThat(ours.get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(hadoop.mapInput());
    assertThat(ours.get(TaskCounter.MAP_OUTPUT_RECORDS)).isEqualTo(hadoop.mapOutput());
    assertThat(ours.get(TaskCounter.REDUCE_INPUT_GROUPS)).isEqualTo(hadoop.groups());
  }
}
