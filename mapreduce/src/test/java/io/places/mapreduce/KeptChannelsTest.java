package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The channels by which workers fetch, and which they keep for later jobs. */
class KeptChannelsTest {
  private static final String PACKAGE = KeptChannelsTest.class.getPackageName();

  @TempDir private Path folder;

  private Job job(String output) {
    return Job.named("test")
        .input(LinesOfEachFile.in(folder.resolve("in")))
        .map(Words.Split.class)
        .reduce(Words.Total.class)
        .reducers(2)
        .output(TextOutput.to(folder.resolve(output)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"between the jobs", "as they are used again"})
  @Timeout(30)
  void keptChannelsThatAreLostAreReplacedAndNobodyIsBlamed(String cut) throws IOException {
    Files.createDirectory(folder.resolve("in"));
    for (int file = 0; file < 4; file++) {
      Files.writeString(folder.resolve("in/" + file), "one two\nthree\n");
    }
    try (var ways = new Relays();
        Workers group = Workers.launch(2, ways.launcher(), PACKAGE)) {
      group.run(job("first"), JobListener.NONE);
      int before = ways.connections();
      assertThat(before).as("so that there are channels to be lost").isPositive();

      var mapped = new AtomicBoolean();
      if (cut.equals("between the jobs")) {
        ways.cut();
      }
      JobReport report =
          group.run(
              job("second"),
              progress -> {
                if (progress.mapsDone() == progress.maps()
                    && mapped.compareAndSet(false, true)
                    && cut.equals("as they are used again")) {
                  ways.cutAtNextBytes();
                }
              });

      assertThat(ways.connections()).isGreaterThan(before);
      assertThat(report.faults().refetches()).isZero();
      assertThat(report.faults().lostWorkers()).isZero();
      assertThat(report.faults().failedReduces()).isZero();
      assertThat(Texts.output(folder.resolve("second")))
          .isEqualTo(Map.of("one", 4L, "two", 4L, "three", 4L));
    }
  }
}
