package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a job ends that {@code places rmpirun} runs, and all of its processes with it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class RmpirunEndsTest {
  @TempDir private static Path folder;

  private static RanksJar ranks = new RanksJar(Path.of(""), Path.of(""));

  @BeforeAll
  static void buildTheJar() throws IOException {
    ranks = RanksJar.in(folder);
  }

  /** A busy machine is late by itself now and then: the best of some attempts counts. */
  @ParameterizedTest
  @ValueSource(strings = {"--threads", "--processes"})
  void aRankThatFailsEndsAllAtOnceAndItsStackIsTheFirst(String option) throws IOException {
    long most = 2_000;
    long took = most;
    for (int attempt = 1; attempt <= 3 && took >= most; attempt++) {
      took = millisToTheEndOfAll(option);
    }
    assertThat(took).as("ms from the failure to the end of the command").isLessThan(most);
  }

  private static long millisToTheEndOfAll(String option) throws IOException {
    Run run = ranks.run("-n 3 " + option, "fail");
    long end = System.currentTimeMillis();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("java.lang.IllegalStateException: this is enough\n\tat com.example.Ranks.run(")
        .containsOnlyOnce("IllegalStateException: this is enough\n\tat")
        .doesNotContain("RankFailedException")
        .endsWith(
            "places rmpirun: rank 1 has failed: java.lang.IllegalStateException: this is enough\n");
    // The other ranks compute without end and heed no interrupt: nothing but force ends them.
    assertThat(RanksJar.numbers(run, "process ").filter(RmpirunEndsTest::isAlive)).isEmpty();
    assertThat(RanksJar.numbers(run, "process ")).hasSize(3);
    return end - RanksJar.numbers(run, "fails at ").findFirst().orElseThrow();
  }

  private static boolean isAlive(long process) {
    return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--threads", "--processes"})
  void theExitCodeIsThatOfTheRankThatEnded(String option) throws IOException {
    Run run = ranks.run("-n 3 " + option, "exit");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(7);
    assertThat(run.err()).isEqualTo("places rmpirun: rank 1 has ended with exit code 7\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--threads", "--processes"})
  void theExitCodeIsThatOfARankThatEndsItsWholeProcess(String option) throws IOException {
    Run run = ranks.run("-n 3 " + option, "system-exit", "5");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(5);
    if (option.equals("--processes")) {
      assertThat(run.err())
          .isEqualTo("places rmpirun: rank 1 has ended its whole process with exit code 5\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--threads,   'rmpi-rank-1 has ended the process of all ranks by System.exit, at com.example.Ranks.run(Ranks.java:'",
    "--processes, 'rank 1 is lost: its node is gone (exit code 0)'"
  })
  void aRankThatEndsItsWholeProcessAsIfAllWereWellIsAFailure(String option, String told) throws IOException {
    Run run = ranks.run("-n 3 " + option, "system-exit", "0");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err()).startsWith("places rmpirun: " + told);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, ''", "3, 3, ', with exit code 3'"})
  void soIsOneThatHaltsIt(String code, int told, String how) throws IOException {
    Run run = ranks.run("-n 3 --threads", "halt", code);

    assertThat(run.exitCode()).isEqualTo(told);
    assertThat(run.err())
        .isEqualTo("places rmpirun: the process of all ranks has ended before they had" + how + "\n");
  }

  @ParameterizedTest
  @CsvSource({"TERM, 15, when it has begun", "TERM, 15, when the ranks are up", "KILL, 9, when the ranks are up"})
  void aCommandThatIsToldToEndLeavesNoFileAndSaysNothing(
      String signal, int number, String when, @TempDir Path own) throws Exception {
    Path temporary = own.resolve("tmp");
    try (Run run = Run.start(own, ranks.command("-n 2 --threads", "spin"))) {
      Run.waitUntil("it tells by a file that it has not ended", () -> temporary.toFile().list().length > 0);
      if (when.equals("when the ranks are up")) {
        Run.waitUntil("both ranks are up", () -> RanksJar.numbers(run, "process ").count() == 2);
      }
      Run.signal(signal, run.process().pid());

      assertThat(run.exitCode()).isEqualTo(128 + number);
      Run.waitUntil("the file is gone", () -> temporary.toFile().list().length == 0);
      assertThat(run.err()).doesNotContain("places rmpirun");
    }
  }

  /** A job that finds, when it has begun, that who started it was gone before. */
  static final class HasLostItsParent {
    private HasLostItsParent() {}

    public static void main(String[] arguments) throws Throwable {
      new OrderlyEnd(Path.of(arguments[0])).watch();
      ChildMain.main(new String[] {"-2", Waits.class.getName()});
    }

    static final class Waits {
      private Waits() {}

      public static void main(String[] arguments) throws InterruptedException {
        new CountDownLatch(1).await();
      }
    }
  }

  /** Its JVM is halted a second after it has begun to end, too soon for a very busy machine: one of some attempts counts. */
  @Test
  void aJobWhoseCommandWasGoneWhenItBeganLeavesNoFile(@TempDir Path own) throws Exception {
    Path file = own;
    for (int attempt = 1; attempt <= 3 && Files.exists(file); attempt++) {
      file = OrderlyEnd.awaited(own).file();
      assertThat(runWithoutItsCommand(file)).isEqualTo(1);
    }
    assertThat(file).doesNotExist();
  }

  private static int runWithoutItsCommand(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // it runs for too short a time to optimise anything
                "-cp",
                System.getProperty("java.class.path"),
                HasLostItsParent.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    return process.waitFor();
  }

  /**
   * The nodes stand still before their first class is loaded, which looks like a very busy machine: so they do not see by
   * themselves that they are needed no more.
   */
  @ParameterizedTest
  @EnabledOnOs(OS.LINUX)
  @ValueSource(strings = {"a node", "the command"})
  void whenOneIsKilledWhileTheNodesComeUpAllAreGone(String killed) throws IOException {
    Path hosts = folder.resolve("stopped.yaml");
    Files.writeString(
        hosts,
        "hosts:\n- {launcher: process, slots: 2, jvm-options: [-XX:+UnlockDiagnosticVMOptions, -XX:+PauseAtStartup, '-XX:PauseAtStartupFile=%s']}\n"
            .formatted(folder.resolve("stopped")));
    try (Run run = Run.start(folder, ranks.command("--hosts " + hosts, "sum"))) {
      Run.waitUntil("the job has two nodes", () -> nodes(run).size() == 2);
      List<ProcessHandle> all = run.process().descendants().toList();
      (killed.equals("a node") ? nodes(run).getFirst() : run.process().toHandle()).destroyForcibly();

      assertThat(run.exitCode()).as(run.err()).isEqualTo(128 + 9);
      Run.waitUntil("all are gone", () -> all.stream().noneMatch(ProcessHandle::isAlive));
      if (killed.equals("a node")) {
        assertThat(run.err()).contains("ended before it listened (signal 9)");
      }
    }
  }

  private static List<ProcessHandle> nodes(Run run) {
    return run.process().descendants().filter(RmpirunEndsTest::isNode).toList();
  }

  private static boolean isNode(ProcessHandle process) {
    try {
      Path command = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return Files.readString(command).contains("io.places.node.NodeMain");
    } catch (IOException e) {
      return false; // it has ended
    }
  }
}
