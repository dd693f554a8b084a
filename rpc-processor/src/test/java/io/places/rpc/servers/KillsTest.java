package io.places.rpc.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server's process dies under load; {@code scripts/rpc-kills.sh} does the same more often. */
class KillsTest {
  @TempDir Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void noCallRunsTwiceAndCallersAreToldWhenTheOutcomeIsUnknown() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Kills.Report report = Kills.run(50, seed, folder.resolve("runs.txt"));

    System.out.println(report);
    assertThat(report.lies()).isEmpty();
    assertThat(report.outcomes()).containsKeys("OK", "UNKNOWN_OUTCOME");
  }
}
