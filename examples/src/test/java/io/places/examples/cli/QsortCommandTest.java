package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.examples.qsort.Numbers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class QsortCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String line, Object... more) {
    String[] arguments =
        Stream.concat(Stream.of(line.split(" ")), Stream.of(more).map(Object::toString))
            .toArray(String[]::new);
    return PlacesCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void sortsTheNumbersOfAFileIntoAnother() throws IOException {
    Path numbers =
        Files.write(
            folder.resolve("numbers.txt"),
            List.of("\uFEFF3", " -7 ", "", "+5", "9223372036854775807", "-9223372036854775808", "3\r"));
    Path sorted = folder.resolve("sorted.txt");

    assertThat(run("qsort --check --output", sorted, numbers)).as(err.toString()).isZero();

    assertThat(sorted)
        .hasContent("-9223372036854775808\n-7\n3\n3\n5\n9223372036854775807\n");
    assertThat(out.toString()).contains("numbers: 6", "in order: yes", "that of the input");
    assertThat(err.toString()).contains("read 6 numbers in", "sorted 6 numbers in", "written 6 numbers in");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uniform", "sorted", "reversed", "organ-pipe", "few-distinct", "equal", "almost-sorted",
        "exponential", "median-of-3-killer"
      })
  void sortsWhatItMakesToBinaryNumbers(String kind) {
    Path sorted = folder.resolve("sorted.bin");
    assertThat(run("qsort --binary --check --generate " + kind + ",100000,5 --output", sorted))
        .as(err.toString())
        .isZero();
    long[] numbers = Numbers.read(sorted, true);
    long[] expected = numbers.clone();
    Arrays.sort(expected);
    assertThat(numbers).hasSize(100_000).isEqualTo(expected);
    assertThat(run("qsort --binary --check", sorted)).isZero();
  }

  @Test
  void explainsWhyNumbersStay() {
    assertThat(run("qsort --nodes 1 --explain --check --generate uniform,100000,1"))
        .as(err.toString())
        .isZero();
    assertThat(err.toString()).contains("the whole stayed");
  }

  @Test
  void theHostsOfAFileMayHelp() throws IOException {
    Path hosts =
        Files.writeString(
            folder.resolve("hosts.yaml"),
            "hosts:\n- launcher: process\n  slots: 2\n  jvm-options: [-Xmx64m]\n");
    assertThat(run("qsort --explain --check --generate uniform,100000,1 --nodes 1 --hosts", hosts))
        .as(err.toString())
        .isZero();
    assertThat(err.toString()).contains("the whole stayed");
    assertThat(run("example divide primes 1000000 --explain --hosts", hosts)).as(err.toString()).isZero();
    assertThat(out.toString().lines()).contains("in order: yes", "primes: 78498");
    assertThat(run("example divide queens 8 --nodes 3 --hosts", hosts)).isNotZero();
    assertThat(err.toString()).contains("3 nodes do not fit");
    assertThat(run("qsort --generate uniform,1,1 --nodes 0 --hosts", hosts)).isNotZero();
    assertThat(err.toString()).contains("--nodes must be 1 to 64, not 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12x|line 1: '12x' is no whole number from -9223372036854775808 to 9223372036854775807",
        "9223372036854775808|'9223372036854775808' is no whole number",
        "1 2|'1 2' is no whole number",
      })
  void aLineThatIsNoNumberIsNamed(String line, String message) throws IOException {
    Path numbers = Files.writeString(folder.resolve("bad.txt"), line);
    Path output = folder.resolve("out.txt");
    assertThat(run("qsort --output", output, numbers)).isNotZero();
    assertThat(err.toString()).contains("bad.txt").contains(message);
    assertThat(output).doesNotExist();
  }

  @Test
  void otherBadInputIsNamed() throws IOException {
    Path odd = Files.write(folder.resolve("odd.bin"), new byte[13]);
    assertThat(run("qsort --binary", odd)).isNotZero();
    assertThat(err.toString()).contains("odd.bin has 13 bytes: binary numbers take 8 bytes each");
    assertThat(run("qsort", folder.resolve("missing"))).isNotZero();
    assertThat(err.toString()).contains("cannot read the numbers: there is no " + folder.resolve("missing")).doesNotContain("Exception");
    assertThat(run("qsort -")).isEqualTo(2);
    assertThat(err.toString()).contains("'-' is no file: qsort reads no standard input");
    assertThat(run("qsort")).isNotZero();
    assertThat(err.toString()).contains("either FILE or --generate");
    assertThat(run("qsort --generate sideways,1,1")).isNotZero();
    assertThat(err.toString()).contains("'sideways' is no KIND; there are uniform, sorted");
    assertThat(run("qsort --generate uniform,-1,1")).isNotZero();
    assertThat(err.toString()).contains("'-1' is no N: a whole number from 0 to 500000000");
    assertThat(run("qsort --nodes 65 --generate uniform,1,1")).isNotZero();
    assertThat(err.toString()).contains("--nodes must be 0 to 64, not 65");
    Path zeros = Files.write(folder.resolve("zeros"), new byte[5_000]);
    assertThat(run("qsort", zeros)).isNotZero();
    assertThat(err.toString()).contains("line 1: longer than 1,000 bytes").contains("--binary");
  }

  @Test
  void theProblemsThatAreDividedAreSolved() throws IOException {
    assertThat(run("example divide queens 8")).as(err.toString()).isZero();
    assertThat(run("example divide primes 1000000")).as(err.toString()).isZero();
    assertThat(run("example divide median sorted,1001,1")).as(err.toString()).isZero();
    assertThat(run("example divide matrix 1000")).as(err.toString()).isZero();
    assertThat(run("example divide bodies 500")).as(err.toString()).isZero();
    Path lines = Files.writeString(folder.resolve("lines"), "b\na\n");
    assertThat(run("example divide mergesort", lines)).as(err.toString()).isZero();
    Path picture = folder.resolve("hull.png");
    assertThat(run("example divide quickhull 10000", picture)).as(err.toString()).isZero();
    assertThat(run("example divide search ana --show 1", Files.writeString(folder.resolve("text"), "banana")))
        .as(err.toString())
        .isZero();
    assertThat(run("example divide histogram sorted,1000,1 --ranges 4")).as(err.toString()).isZero();
    assertThat(run("example divide graph 10")).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .contains("ways: 92", "primes: 78498", "median: 500", "a", "b", "hits: 2", "at byte 1", "250", "at distance 0: 1")
        .doesNotContain("at byte 3")
        .anyMatch(line -> line.matches("corners: \\d+"));
    assertThat(ImageIO.read(picture.toFile()).getWidth()).isEqualTo(800);
    assertThat(run("example divide queens 19")).isNotZero();
    assertThat(err.toString()).contains("N must be 1 to 18, not 19");
  }

  @Test
  void whatWouldHaveNoEffectIsRefused() {
    for (String line :
        List.of("qsort --explain --generate uniform,10,1", "example divide queens 4 --explain")) {
      assertThat(run(line)).isEqualTo(2);
      assertThat(err.toString()).contains("--explain says why parts went").contains("needs --nodes 1 or more");
      err.getBuffer().setLength(0);
    }
    for (String line :
        List.of("matrix 10 --nodes 1", "bodies 10 --explain", "graph 3 --nodes 1 --explain", "quickhull 3 x.png --nodes 1")) {
      assertThat(run("example divide " + line)).isEqualTo(2);
      assertThat(err.toString()).contains("this problem is solved in this process alone: it takes neither --nodes nor --explain");
      err.getBuffer().setLength(0);
    }
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aProblemThatThereIsNotListsThoseThatThereAre() {
    for (String line : List.of("example divide foo", "example divide foo queens 4", "example divide")) {
      assertThat(run(line)).as(line).isEqualTo(2);
      assertThat(err.toString()).as(line).contains("there are ").contains("queens", "primes", "graph");
      err.getBuffer().setLength(0);
    }
  }
}
