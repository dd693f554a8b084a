package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.launch.Hosts;
import io.places.launch.ProcessLauncher;
import io.places.rmpi.JobOptions;
import io.places.rmpi.LinkKind;
import io.places.rmpi.Rmpi;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How long nodes and ranks may take to come up: what a user says, and else what each launcher has by itself. */
@Timeout(60)
class StartLimitTest {
  @Command
  private static final class WithRanks {
    @Mixin private RanksOptions ranks = new RanksOptions();
  }

  private static @Nullable Duration given(String... arguments) {
    var command = new WithRanks();
    new CommandLine(command).parseArgs(arguments);
    return command.ranks.startLimit();
  }

  private static @Nullable Duration arrivesAs(@Nullable Duration limit) {
    var job =
        new RmpirunJob(
            2, true, null, limit, Duration.ZERO, Duration.ofSeconds(10), false, LinkKind.AUTO, false, List.of(), "A",
            List.of("x"));
    assertThat(RmpirunJob.of(job.toArguments())).isEqualTo(job);
    return RmpirunJob.of(job.toArguments()).startLimit();
  }

  @Test
  void whatWasSaidHoldsForTheNodesAndTheRanks() {
    Duration given = given("--processes", "--start-limit", "50s");

    assertThat(given).isEqualTo(Duration.ofSeconds(50));
    assertThat(arrivesAs(given)).isEqualTo(given);
    assertThat(StartLimit.of(given, JobOptions.standard()).startLimit()).isEqualTo(given);
  }

  @Test
  void whatWasNotSaidIsLeftToEachLauncherOfWhichSshTakesLongest() {
    Duration given = given("--processes");
    ProcessLauncher launcher = Rmpi.process();
    Hosts hosts = Hosts.local(2);

    assertThat(StartLimit.of(given, launcher)).isSameAs(launcher);
    assertThat(StartLimit.of(given, hosts)).isSameAs(hosts);
    assertThat(given).isNull();
    assertThat(arrivesAs(given)).isNull();
    assertThat(StartLimit.of(given, JobOptions.standard())).isEqualTo(JobOptions.standard());
  }
}
