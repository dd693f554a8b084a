package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Clock;
import io.places.mapreduce.JobProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a job's progress looks like on a terminal. */
class JobProgressBarTest {
  /** As "(0:00:02 / 0:00:06)". */
  private static final String PASSED_AND_LEFT = "\\(\\d+:\\d\\d:\\d\\d / \\d+:\\d\\d:\\d\\d\\)";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);

  /** What was drawn, each over the one before. */
  private List<String> drawn() {
    return Pattern.compile("[\r\n]+")
        .splitAsStream(written.toString(StandardCharsets.UTF_8))
        .filter(line -> !line.isBlank())
        .toList();
  }

  @Test
  void onATerminalEachPhaseHasABarWithWhatIsDoneTheTimeLeftAndWhatATaskSays() {
    var bar = new JobProgressBar(err, true, Clock.system());
    bar.status("halfway");
    bar.progress(new JobProgress(2, 4, 50_000_000, 100_000_000, 0, 2, 0, 0));
    bar.close(); // draws it, whatever the time
    bar.progress(new JobProgress(4, 4, 100_000_000, 100_000_000, 1, 2, 5_000_000, 20_000_000));
    bar.close();

    assertThat(String.join("\n", drawn())) // before the first of these, it may have drawn itself half set
        .matches(
            """
            (?s)(map [^\n]*
            )*map +50% \\[=+ +\\] +50/100 MB TIME [^\n]*MB/s 2/4 halfway.*
            map +100% \\[=+\\] +100/100 MB TIME [^\n]*MB/s 4/4 halfway.*
            reduce +25% \\[=+ +\\] +5/20 MB TIME [^\n]*MB/s 1/2 *\
            """
                .replace("TIME", PASSED_AND_LEFT));
  }
}
