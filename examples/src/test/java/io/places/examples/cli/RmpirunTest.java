package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's own jar on ranks, by {@code places rmpirun} as a user runs it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class RmpirunTest {
  @TempDir private static Path folder;

  private static RanksJar ranks = new RanksJar(Path.of(""), Path.of(""));

  @BeforeAll
  static void buildTheJar() throws IOException {
    ranks = RanksJar.in(folder);
  }

  private static Run rmpirun(String... arguments) throws IOException {
    return Run.toEnd(folder, Stream.concat(Stream.of("rmpirun"), Stream.of(arguments)).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"-n 3,1", "-n 3 --threads,1", "-n 3 --processes,3"})
  void theSameClassRunsInEveryFormAndItsArgumentsPassUntouched(String options, int jvms)
      throws IOException {
    Run run = ranks.run(options, "sum", "-n", "@file", "--", "x y", "");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsOnlyOnce("sum 3 of sum|-n|@file|--|x y|\n");
    assertThat(RanksJar.numbers(run, "process ")).hasSize(3);
    assertThat(RanksJar.numbers(run, "process ").distinct()).hasSize(jvms);
  }

  @Test
  void ranksRunOnTheSlotsOfAHostsFile() throws IOException {
    Path hosts = folder.resolve("hosts.yaml");
    Files.writeString(hosts, "hosts:\n- launcher: process\n  slots: 3\n  jvm-options: [-Xmx64m]\n");

    Run run = ranks.run("--start-limit 50s --hosts " + hosts, "sum");
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
    Run run = ranks.run("-n 3 --stats --tag-output " + option, "lines");

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

  @Test
  void aDeadlockIsReportedWithWhoWaitsForWhat() throws IOException {
    Run run = ranks.run("-n 2 --deadlock-timeout 500ms", "deadlock");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("places rmpirun: deadlock: ranks 0, 1 wait for each other")
        .contains("recv(java.lang.String from rank 1, tag 4)");
  }

  @Test
  void aJobThatIsNotOverInTimeIsEnded() throws IOException {
    Run run = ranks.run("-n 2 --timeout 500ms", "spin");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("places rmpirun: the job is not over within 0.5 s");
  }

  @Test
  void aClassThatIsNotThereOrNoProgramIsTold() throws IOException {
    Run missing = rmpirun("-n", "2", "-cp", ranks.jar().toString(), "com.example.Nowhere");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err())
        .isEqualTo(
            "places rmpirun: the class path has no class com.example.Nowhere that can be loaded:"
                + " java.lang.ClassNotFoundException: com.example.Nowhere\n");

    Run other = rmpirun("-n", "2", "-cp", ranks.jar().toString(), "java.lang.String");
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
  @ValueSource(strings = {"example ring -n 1 --processes", "hello --nodes 1", "wordcount --nodes 1 pom.xml"})
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
        "-cp x.jar --start-limit abc A|Invalid value for option '--start-limit': 'abc' is no time; it is a"
            + " whole number and a unit, such as 500ms, 90s, 5m or 1h",
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
