package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's own jar on ranks, by {@code places rmpirun} as a user runs it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class RmpirunTest {
  private static final String PROGRAM =
      """
      package com.example;

      import io.places.place.Place;
      import io.places.rmpi.Comm;
      import io.places.rmpi.RmpiProgram;

      public final class Ranks implements RmpiProgram {
        @Override
        public void run(Comm comm, String[] arguments) throws Exception {
          switch (arguments[0]) {
            case "sum" -> {
              int sum = comm.allreduce(comm.rank(), Integer::sum);
              System.out.println("process " + ProcessHandle.current().pid());
              if (comm.rank() == 0) {
                System.out.println("sum " + sum + " of " + String.join("|", arguments));
              }
            }
            case "lines" -> {
              comm.barrier();
              for (int i = 0; i < 200; i++) {
                System.out.print("line ");
                System.out.flush();
                System.out.println(i);
              }
              System.err.println("complaint");
              System.out.print("no end");
            }
            case "fail" -> {
              System.out.println("process " + ProcessHandle.current().pid());
              comm.barrier();
              if (comm.rank() == 1) {
                System.out.println("fails at " + System.currentTimeMillis());
                throw new IllegalStateException("this is enough");
              }
              spin();
            }
            case "exit" -> {
              if (comm.rank() == 1) {
                Place.exit(7);
              }
              comm.barrier();
            }
            case "system-exit" -> {
              if (comm.rank() == 1) {
                System.exit(Integer.parseInt(arguments[1]));
              }
              comm.barrier();
            }
            case "halt" -> {
              if (comm.rank() == 1) {
                Runtime.getRuntime().halt(Integer.parseInt(arguments[1]));
              }
              comm.barrier();
            }
            case "deadlock" -> comm.recv(String.class, 1 - comm.rank(), 4);
            default -> spin();
          }
        }

        private static void spin() {
          while (true) { // ends for nobody
            Thread.onSpinWait();
          }
        }
      }
      """;

  private static final String MAIN = "com.example.Ranks";

  @TempDir private static Path folder;

  private static Path jar = Path.of("");

  @BeforeAll
  static void buildTheJar() throws IOException {
    Path source = Files.writeString(folder.resolve("Ranks.java"), PROGRAM);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    String classPath = System.getProperty("java.class.path");
    tool("javac", "-d", classes.toString(), "-cp", classPath, source.toString());
    jar = folder.resolve("ranks.jar");
    tool("jar", "cf", jar.toString(), "-C", classes.toString(), ".");
  }

  private static void tool(String name, String... arguments) {
    int code = ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments);
    assertThat(code).isZero();
  }

  private static Run rmpirun(String... arguments) throws IOException {
    return Run.toEnd(folder, command(arguments));
  }

  private static String[] command(String... arguments) {
    return Stream.concat(Stream.of("rmpirun"), Stream.of(arguments)).toArray(String[]::new);
  }

  private static String[] program(String line, String... arguments) {
    return Stream.of(
            Stream.of(line.split(" ")), Stream.of("-cp", jar.toString(), MAIN), Stream.of(arguments))
        .flatMap(part -> part)
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource({"-n 3,1", "-n 3 --threads,1", "-n 3 --processes,3"})
  void theSameClassRunsInEveryFormAndItsArgumentsPassUntouched(String options, int jvms)
      throws IOException {
    Run run = rmpirun(program(options, "sum", "-n", "@file", "--", "x y", ""));

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsOnlyOnce("sum 3 of sum|-n|@file|--|x y|\n");
    assertThat(numbers(run, "process ")).hasSize(3);
    assertThat(numbers(run, "process ").distinct()).hasSize(jvms);
  }

  @Test
  void ranksRunOnTheSlotsOfAHostsFile() throws IOException {
    Path hosts = folder.resolve("hosts.yaml");
    Files.writeString(hosts, "hosts:\n- launcher: process\n  slots: 3\n  jvm-options: [-Xmx64m]\n");

    Run run = rmpirun(program("--start-limit 50s --hosts " + hosts, "sum"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("sum 3 of sum\n");

    var err = new StringWriter();
    int code = inThisJvm(err, "-n 4 --hosts " + hosts + " -cp x.jar A");
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("places rmpirun: 4 nodes do not fit: localhost has 3 slots; ask for fewer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--threads", "--processes"})
  void taggedLinesComeWholeWithTheirRankInFrontAndAtTheEndATableTellsWhatTheCallsHaveCost(
      String option) throws IOException {
    Run run = rmpirun(program("-n 3 --stats --tag-output " + option, "lines"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    for (int rank = 0; rank < 3; rank++) {
      String tag = rank + " | ";
      assertThat(run.out().lines().filter(line -> line.startsWith(tag)))
          .containsExactlyElementsOf(
              Stream.concat(IntStream.range(0, 200).mapToObj(i -> "line " + i), Stream.of("no end"))
                  .map(line -> tag + line)
                  .toList());
    }
    assertThat(run.out().lines()).hasSize(3 * 201);
    assertThat(run.err().lines().limit(3))
        .containsExactlyInAnyOrder("0 | complaint", "1 | complaint", "2 | complaint");
    assertThat(run.err().lines().skip(3).collect(Collectors.joining("\n")))
        .matches("call +count .* latest\nbarrier +3 +0 [ .\\d]+ (rank \\d|-)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--threads", "--processes"})
  void aRankThatFailsEndsAllAtOnceAndItsStackIsTheFirst(String option) throws IOException {
    Run run = rmpirun(program("-n 3 " + option, "fail"));
    long end = System.currentTimeMillis();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("java.lang.IllegalStateException: this is enough\n\tat com.example.Ranks.run(")
        .containsOnlyOnce("IllegalStateException: this is enough\n\tat")
        .doesNotContain("RankFailedException")
        .endsWith(
            "places rmpirun: rank 1 has failed: java.lang.IllegalStateException: this is enough\n");
    // The other ranks compute without end and heed no interrupt: nothing but force ends them.
    assertThat(numbers(run, "process ").filter(RmpirunTest::isAlive)).isEmpty();
    assertThat(numbers(run, "process ")).hasSize(3);
    assertThat(end - numbers(run, "fails at ").findFirst().orElseThrow())
        .as("ms from the failure to the end of the command")
        .isLessThan(2_000);
  }

  private static Stream<Long> numbers(Run run, String label) {
    return run.out()
        .lines()
        .filter(line -> line.startsWith(label))
        .map(line -> Long.valueOf(line.substring(label.length())));
  }

  private static boolean isAlive(long process) {
    return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--threads", "--processes"})
  void theExitCodeIsThatOfTheRankThatEnded(String option) throws IOException {
    Run run = rmpirun(program("-n 3 " + option, "exit"));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(7);
    assertThat(run.err()).isEqualTo("places rmpirun: rank 1 has ended with exit code 7\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--threads", "--processes"})
  void theExitCodeIsThatOfARankThatEndsItsWholeProcess(String option) throws IOException {
    Run run = rmpirun(program("-n 3 " + option, "system-exit", "5"));

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
    Run run = rmpirun(program("-n 3 " + option, "system-exit", "0"));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err()).startsWith("places rmpirun: " + told);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, ''", "3, 3, ', with exit code 3'"})
  void soIsOneThatHaltsIt(String code, int told, String how) throws IOException {
    Run run = rmpirun(program("-n 3 --threads", "halt", code));

    assertThat(run.exitCode()).isEqualTo(told);
    assertThat(run.err())
        .isEqualTo("places rmpirun: the process of all ranks has ended before they had" + how + "\n");
  }

  @Test
  void aCommandThatIsToldToEndLeavesNoFile(@TempDir Path own) throws Exception {
    Path temporary = own.resolve("tmp");
    try (Run run = Run.start(own, command(program("-n 2 --threads", "spin")))) {
      Run.waitUntil("it tells by a file that it has not ended", () -> temporary.toFile().list().length > 0);
      Run.signal("TERM", run.process().pid());

      assertThat(run.exitCode()).isEqualTo(128 + 15);
    }
    assertThat(temporary).isEmptyDirectory();
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
    try (Run run = Run.start(folder, command(program("--hosts " + hosts, "sum")))) {
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
    return run.process().descendants().filter(RmpirunTest::isNode).toList();
  }

  private static boolean isNode(ProcessHandle process) {
    try {
      Path command = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return Files.readString(command).contains("io.places.node.NodeMain");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  @Test
  void aDeadlockIsReportedWithWhoWaitsForWhat() throws IOException {
    Run run = rmpirun(program("-n 2 --deadlock-timeout 500ms", "deadlock"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("places rmpirun: deadlock: ranks 0, 1 wait for each other")
        .contains("recv(java.lang.String from rank 1, tag 4)");
  }

  @Test
  void aJobThatIsNotOverInTimeIsEnded() throws IOException {
    Run run = rmpirun(program("-n 2 --timeout 500ms", "spin"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("places rmpirun: the job is not over within 0.5 s");
  }

  @Test
  void aClassThatIsNotThereOrNoProgramIsTold() throws IOException {
    Run missing = rmpirun("-n", "2", "-cp", jar.toString(), "com.example.Nowhere");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err())
        .isEqualTo(
            "places rmpirun: the class path has no class com.example.Nowhere that can be loaded:"
                + " java.lang.ClassNotFoundException: com.example.Nowhere\n");

    Run other = rmpirun("-n", "2", "-cp", jar.toString(), "java.lang.String");
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err())
        .isEqualTo(
            "places rmpirun: java.lang.String is not what ranks run: it must implement"
                + " io.places.rmpi.RmpiProgram\n");
  }

  @Test
  void aClassPathThatDoesNotExistIsNamed() throws IOException {
    Run missing = rmpirun("-n", "2", "-cp", "nowhere.jar", "com.example.Ranks");

    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err())
        .isEqualTo(
            "places rmpirun: the class path, of which these do not exist: nowhere.jar, has no class"
                + " com.example.Ranks that can be loaded: java.lang.ClassNotFoundException: com.example.Ranks\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"example ring -n 1 --processes", "hello --nodes 1"})
  void aNodeThatIsNotThereInTheTimeThatIsGivenIsTold(String command) {
    var err = new StringWriter();
    int code =
        PlacesCommand.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute((command + " --start-limit 1ms").split(" "));

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("did not listen within 0.001 s");
  }

  @Test
  void aFolderThatTakesNoFileIsNamedWithWhatItIsFor() {
    String property = "java.io.tmpdir";
    String before = System.getProperty(property);
    var err = new StringWriter();
    System.setProperty(property, "/nowhere");
    try {
      assertThat(inThisJvm(err, "-cp x.jar A")).isEqualTo(1);
    } finally {
      System.setProperty(property, before);
    }
    assertThat(err.toString())
        .startsWith(
            "places rmpirun: the ranks tell by a file in /nowhere that they have ended, and none can be made there: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-n 0 -cp x.jar A|-n must be 1 to 1024, not 0",
        "-n 65 --processes -cp x.jar A|-n must be 1 to 64, not 65",
        "-n 2 A|Missing required option: '--class-path=PATH'",
        "-n 2 -cp x.jar|Missing required parameter: 'CLASS'",
        "-cp x.jar --timeout 10 A|Invalid value for option '--timeout': '10' is no time; it is a whole"
            + " number and a unit, such as 500ms, 90s, 5m or 1h, or 0 for no limit",
        "-cp x.jar --threads --hosts hosts.yaml A|--threads and --hosts: on hosts each rank is a JVM of"
            + " its own",
        "-cp x.jar --start-limit 0 A|Invalid value for option '--start-limit': nothing comes up in no time",
        "-cp x.jar --threads --processes A|--threads and --processes exclude each other"
      })
  void wrongUseIsToldInOneLine(String line, String said) {
    var err = new StringWriter();
    int code = inThisJvm(err, line);

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("places rmpirun: %s (see places rmpirun --help)".formatted(said));
  }

  private static int inThisJvm(StringWriter err, String line) {
    return PlacesCommand.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute(("rmpirun " + line).split(" "));
  }
}
