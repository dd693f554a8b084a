package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.launch.HostAndPort;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.SecretFile;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class ExampleCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine places =
      PlacesCommand.commandLine()
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true));

  @Test
  void helpListsTheExamples() {
    assertThat(places.execute("example", "--help")).isZero();

    assertThat(out.toString())
        .contains("Usage: places example ")
        .containsSubsequence("fib ", "trade ", "pipeline ", "mandelbrot ", "parallel-build ")
        .containsSubsequence("heat ", "ring ", "pi ", "nas ", "tuple-server ", "bank ");
  }

  @Test
  void eachExampleHasHelpOfItsOwn() {
    assertThat(places.execute("example", "mandelbrot", "--help")).isZero();

    assertThat(out.toString()).contains("Usage: places example mandelbrot ", "--size");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "example|places example: Missing the name of an example (see places example --help)",
        "example fib x|places example fib: Invalid value for positional parameter at index 0 (N): 'x' is"
            + " not an int (see places example fib --help)",
        "example fib 51|places example fib: N must be 0 to 50, not 51 (see places example fib --help)",
        "example trade 5 1|places example trade: LEAST must be 2 to 1000000000, not 1"
            + " (see places example trade --help)",
        "example mandelbrot|places example mandelbrot: Missing required parameter: 'FILE'"
            + " (see places example mandelbrot --help)",
        "example mandelbrot x.png --size 0|places example mandelbrot: --size must be 1 to 32768, not 0"
            + " (see places example mandelbrot --help)",
        "example mandelbrot x.png --places 0|places example mandelbrot: --places must be 1 to 1024, not 0"
            + " (see places example mandelbrot --help)",
        "example heat x.png --size 9|places example heat: --size must be 10 to 2000, not 9"
            + " (see places example heat --help)",
        "example ring --rounds 0|places example ring: --rounds must be 1 to 100000000, not 0"
            + " (see places example ring --help)",
        "example pi --strips 0|places example pi: --strips must be 1 to 2000000000, not 0"
            + " (see places example pi --help)",
        "example grep --output  x|places example grep: --output is empty; '.' means the current folder (see"
            + " places example grep --help)",
        "wordcount --output |places wordcount: --output is empty; '.' means the current folder (see places"
            + " wordcount --help)",
        "example parallel-build a |places example parallel-build: OUTPUT is empty; '.' means the current"
            + " folder (see places example parallel-build --help)",
        "example parallel-build a|places example parallel-build: Missing required parameter: 'OUTPUT'"
            + " (see places example parallel-build --help)"
      })
  void wrongUseIsOneLineAndCodeTwo(String line, String said) {
    assertThat(places.execute(line.split(" ", -1))).isEqualTo(2);

    assertThat(err.toString()).isEqualToIgnoringNewLines(said);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anExampleThatThereIsNotListsThoseThatThereAre() {
    assertThat(places.execute("example", "fob")).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("places example: Unmatched argument at index 1: 'fob' (there are fib, trade, pipeline,")
        .endsWith("; see places example --help)" + System.lineSeparator());
  }

  @Test
  void fibPrintsBothNumbers() {
    assertThat(places.execute("example", "fib", "20", "10")).isZero();

    assertThat(out.toString().lines()).containsExactly("fib(20) = 6765", "fib(10) = 55");
  }

  @Test
  void tradePrintsWhatBothReport() {
    assertThat(places.execute("example", "trade")).isZero();
    assertThat(places.execute("example", "trade", "100", "200")).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "the buyer: bought for 7200 cents",
            "the seller: sold for 7200 cents",
            "the buyer: no deal",
            "the seller: no deal");
  }

  @Test
  void pipelinePrintsTheNewMatrix() {
    assertThat(places.execute("example", "pipeline")).isZero();

    assertThat(out.toString().lines()).hasSize(5);
    assertThat(out.toString().lines().findFirst().orElseThrow().strip().split(" +"))
        .containsExactly("0.0000", "1.0000", "9.0000", "144.0000", "21904.0000");
  }

  @Test
  void mandelbrotWritesAPicture() {
    Path file = folder.resolve("set.png");

    assertThat(places.execute("example", "mandelbrot", "--size", "50", file.toString())).isZero();

    assertThat(file).isNotEmptyFile();
    assertThat(out.toString()).startsWith(file + ": 50 by 50 pixels, drawn by ");
  }

  @Test
  void mandelbrotRefusesAFileThatCannotBeWrittenBeforeItDraws() {
    Path file = folder.resolve("none").resolve("set.png");

    // To draw this many pixels takes longer than any test may.
    int code = places.execute("example", "mandelbrot", "--size", "32768", file.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "places example mandelbrot: cannot write the picture: %s (No such file or directory)"
                .formatted(file));
  }

  @Test
  void mandelbrotReplacesALargerFile() throws Exception {
    Path file = Files.write(folder.resolve("set.png"), new byte[1_000_000]);

    assertThat(places.execute("example", "mandelbrot", "--size", "50", file.toString())).isZero();

    assertThat(Files.size(file)).isLessThan(100_000);
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(50);
  }

  @Test
  void heatWritesAPicture() throws Exception {
    Path file = folder.resolve("heat.png");

    int code = places.execute("example", "heat", "-n", "4", "--size", "50", "--steps", "20", file.toString());

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .contains("ranks: 2 by 2", "steps: 20", "picture: " + file)
        .anyMatch(line -> line.matches("largest change in the last step: [0-9.]+"));
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(50);
  }

  @Test
  void ringPrintsTheToken() {
    assertThat(places.execute("example", "ring", "-n", "3", "--rounds", "5")).isZero();

    assertThat(out.toString().lines()).containsExactly("ranks: 3", "rounds: 5", "token: 15");
  }

  @Test
  void ranksAreOnTheHostsOfAFile() throws Exception {
    Path hosts =
        Files.writeString(
            folder.resolve("hosts.yaml"), "hosts:\n- {launcher: process, slots: 2, jvm-options: [-Xmx64m]}\n");

    assertThat(places.execute("example", "ring", "--rounds", "5", "--hosts", hosts.toString()))
        .as(err.toString())
        .isZero();

    assertThat(out.toString().lines()).containsExactly("ranks: 2", "rounds: 5", "token: 5");

    assertThat(places.execute("example", "nas", "IS", "--hosts", hosts.toString()))
        .as(err.toString())
        .isZero();

    assertThat(out.toString())
        .contains("benchmark: NAS IS, class S, 2 ranks")
        .endsWith("verified: yes" + System.lineSeparator());
  }

  @Test
  void theBankIsOnTheFirstHostOfAFileAndKilledThere() throws Exception {
    Path hosts =
        Files.writeString(
            folder.resolve("hosts.yaml"), "hosts:\n- {launcher: process, slots: 2, jvm-options: [-Xmx64m]}\n");

    assertThat(places.execute("example", "bank", "--kills", "1", "--hosts", hosts.toString()))
        .as(err.toString())
        .isZero();

    assertThat(out.toString().lines()).contains("lives of the bank: 2").endsWith("the books balance");
  }

  @Test
  void aBankWhoseProcessIsSomebodyElsesIsNotKilled() throws Exception {
    Path secret = folder.resolve("secret");
    SecretFile.makeIfMissing(secret);
    NodeOptions options =
        NodeOptions.standard().name("theirs").secretFile(secret).allow("io.places.examples");
    try (Node theirs = Node.start(options)) {
      Path hosts =
          Files.writeString(
              folder.resolve("hosts.yaml"),
              "secret-file: secret\nhosts:\n- {launcher: attach, address: '%s'}\n"
                  .formatted(HostAndPort.format(theirs.address())));

      assertThat(places.execute("example", "bank", "--hosts", hosts.toString())).isEqualTo(1);

      assertThat(err.toString())
          .contains("the bank's process is to be killed, but somebody else has started node theirs")
          .contains("whose launcher is 'ssh' or 'process'");
    }
  }

  @Test
  void piPrintsPi() {
    assertThat(places.execute("example", "pi", "-n", "2", "--strips", "10000")).isZero();

    assertThat(out.toString().lines().toList().get(1)).startsWith("pi: 3.14159265");
  }

  @Test
  void parallelBuildRefusesAClassPathWithSomethingMissing() throws Exception {
    Files.write(folder.resolve("Right.java"), List.of("class Right {}"));
    Path output = folder.resolve("classes");
    String there = folder.toString();
    String missing = folder.resolve("none.jar").toString();
    String classPath = String.join(File.pathSeparator, there, "", missing);

    int code =
        places.execute(
            "example", "parallel-build", "--class-path", classPath, there, output.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "places example parallel-build: there is no %s, which the class path names: %s"
                .formatted(missing, classPath));
    assertThat(output).doesNotExist();
  }

  @Test
  void parallelBuildFailsWithEachErrorOnALineOfItsOwn() throws Exception {
    Path source =
        Files.write(folder.resolve("Wrong.java"), List.of("class Wrong {", "  int x = false;", "}"));
    String output = folder.resolve("classes").toString();

    assertThat(places.execute("example", "parallel-build", folder.toString(), output)).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            source + ":2: error: incompatible types: boolean cannot be converted to int",
            "places example parallel-build: errors: 1; files compiled: 0; files skipped because they"
                + " need those with errors: 0");
  }

  @Test
  void parallelBuildSaysHowManyFilesItCompiled() throws Exception {
    Files.write(folder.resolve("Right.java"), List.of("class Right {}"));
    Path output = folder.resolve("classes");

    assertThat(places.execute("example", "parallel-build", folder.toString(), output.toString()))
        .isZero();

    assertThat(out.toString()).isEqualToIgnoringNewLines("files compiled into " + output + ": 1");
    assertThat(output.resolve("Right.class")).exists();
  }
}
