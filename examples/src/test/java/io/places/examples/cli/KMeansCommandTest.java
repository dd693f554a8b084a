package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class KMeansCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int kmeans(String line, Object... more) {
    String[] arguments =
        Stream.concat(Stream.of(("kmeans " + line).split(" ")), Stream.of(more).map(Object::toString))
            .toArray(String[]::new);
    return PlacesCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void printsWhatItFoundAsNamesAndValues() throws IOException {
    Path points = Files.write(folder.resolve("points.csv"), List.of("0,1", "0,3", "10,0.5", "10,1"));

    assertThat(kmeans("-n 2 -k 2 --seed 3", points)).as(err.toString()).isZero();

    assertThat(out.toString().lines())
        .contains(
            "points: 4",
            "dimensions: 2",
            "clusters: 2",
            "empty clusters: 0",
            "converged: yes",
            "inertia: 2.125")
        .anyMatch(line -> line.matches("iterations: \\d+"))
        .anyMatch(line -> line.matches("centroid [12]: 0.0,2.0"))
        .anyMatch(line -> line.matches("centroid [12]: 10.0,0.75"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theCentroidsInTheFileAreTheSameForThreadsAndForProcesses() throws IOException {
    String data = "-k 7 --generate 5000,5,7 --seed 11 --output ";
    Path alone = folder.resolve("1.csv");
    Path threads = folder.resolve("3.csv");
    Path processes = folder.resolve("2.csv");
    assertThat(kmeans("-n 1 " + data + alone)).as(err.toString()).isZero();
    assertThat(kmeans("-n 3 " + data + threads)).as(err.toString()).isZero();
    Run run =
        Run.toEnd(folder, ("kmeans -n 2 --processes " + data + processes).split(" "));
    assertThat(run.exitCode()).as(run.err()).isZero();

    assertThat(threads).hasSameTextualContentAs(alone);
    assertThat(processes).hasSameTextualContentAs(alone);
    assertThat(Files.readAllLines(alone))
        .hasSize(7)
        .allMatch(line -> line.split(",").length == 5)
        .anyMatch(line -> line.matches(".*\\.\\d{12,}.*"));
    assertThat(out.toString()).doesNotContain("centroid 1");
  }

  /** Stripes of two shades of red on the left, of blue on the right: their means are the colours that are found. */
  @ParameterizedTest
  @ValueSource(strings = {"-n 3", "-n 2 --processes"})
  void theColoursOfAPictureAreFoundAndItIsWrittenInThemBesideIt(String ranks) throws IOException {
    var stripes = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    var expected = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        boolean isLeft = x < 20;
        stripes.setRGB(x, y, (isLeft ? 0xE01020 : 0x1020E0) + (x % 2 == 0 ? 4 : 0));
        expected.setRGB(x, y, isLeft ? 0xE01022 : 0x1020E2);
      }
    }
    Path picture = folder.resolve("stripes.png");
    ImageIO.write(stripes, "png", picture.toFile());

    assertThat(kmeans(ranks + " -k 2", picture)).as(err.toString()).isZero();

    Path written = folder.resolve("stripes-2-colours.png");
    assertThat(out.toString().lines())
        .contains("points: 1200", "dimensions: 3", "inertia: 4800.0", "picture: " + written)
        .anyMatch(line -> line.matches("colour [12]: #e01022"))
        .anyMatch(line -> line.matches("colour [12]: #1020e2"));
    BufferedImage quantised = ImageIO.read(written.toFile());
    assertThat(quantised.getWidth()).isEqualTo(40);
    assertThat(quantised.getHeight()).isEqualTo(30);
    assertThat(quantised.getRGB(0, 0, 40, 30, null, 0, 40))
        .containsExactly(expected.getRGB(0, 0, 40, 30, null, 0, 40));
    assertThat(err.toString()).isEmpty();
  }

  /** The file for the new picture is there as soon as rank 0 has read the old one; then they compute for long. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whenTheProcessOfARankIsKilledItIsNamedAndAllEnd() throws IOException {
    var noise = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(5);
    for (int y = 0; y < 300; y++) {
      for (int x = 0; x < 300; x++) {
        noise.setRGB(x, y, random.nextInt());
      }
    }
    Path picture = folder.resolve("noise.png");
    ImageIO.write(noise, "png", picture.toFile());
    String[] command =
        ("kmeans -n 2 --processes --start-limit 50s -k 3000 --iterations 1000000 " + picture).split(" ");
    try (Run run = Run.start(folder, command)) {
      List<ProcessHandle> nodes = run.nodes(2);
      Run.waitUntil(
          "the ranks are at work", () -> Files.exists(folder.resolve("noise-3000-colours.png")));
      ProcessHandle second =
          nodes.stream().filter(node -> hasThread(node, "rmpi-rank-1")).findFirst().orElseThrow();
      second.destroyForcibly();

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .isEqualTo("places kmeans: rank 1 is lost: its node is gone (ended by signal 9)\n");
      assertThat(run.out()).isEmpty();
      Run.waitUntil("all are gone", () -> nodes.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  private static boolean hasThread(ProcessHandle process, String name) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      return threads.anyMatch(thread -> name.equals(nameOf(thread)));
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static String nameOf(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  @Test
  void whatIsWrongWithTheInputIsOneLine() throws IOException {
    Path points = Files.write(folder.resolve("points.csv"), List.of("1,2", "1,NaN"));
    Path output = folder.resolve("centroids.csv");

    assertThat(kmeans("-n 2 -k 2 --output " + output, points)).isEqualTo(1);

    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "places kmeans: %s, line 2, column 2: NaN is at no distance from anything; give finite numbers, or leave the point out"
                .formatted(points));
    assertThat(output).doesNotExist();
  }

  @Test
  void whatToDoIsToldWhenThereIsNoMemoryForThePoints() {
    long most = Runtime.getRuntime().maxMemory();
    assumeThat(most).as("the heap, in which the points are to have no room").isLessThan(15_000_000_000L);

    assertThat(kmeans("-n 1 -k 1 --generate 999999999,2,1")).isEqualTo(1);

    assertThat(err.toString())
        .startsWith("places kmeans: rank 0 has no memory left (")
        .contains(
            "; its JVM may use %d MiB. Take fewer points, ranks in JVMs of their own (--processes,"
                .formatted(most >> 20))
        .contains("or a larger heap (JAVA_TOOL_OPTIONS=-Xmx8g)");
  }

  @Test
  void anOutputThatCannotBeWrittenIsToldBeforeTheWork() {
    Path output = folder.resolve("none").resolve("centroids.csv");

    assertThat(kmeans("-n 1 -k 500 --generate 900000000,1,1 --output " + output)).isEqualTo(1);

    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "places kmeans: cannot write the centroids: %s (No such file or directory)"
                .formatted(output));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "points.csv|Missing required option: '--clusters=K'",
        "-k 0 points.csv|-k must be 1 to 1000000, not 0",
        "-k 2 --iterations 0 points.csv|--iterations must be 1 to 1000000, not 0",
        "-k 2|say what to cluster: either INPUT or --generate N,DIM,K",
        "-k 2 --generate 10,1,1 points.csv|say what to cluster: either INPUT or --generate N,DIM,K",
        "-k 2 --generate 10,1|Invalid value for option '--generate': '10,1' is not N,DIM,K: so many points"
            + " of so many dimensions around so many centres",
        "-k 2 -n 0 points.csv|-n must be 1 to 1024, not 0"
      })
  void wrongUseIsOneLineAndCodeTwo(String line, String said) {
    assertThat(kmeans(line)).isEqualTo(2);

    assertThat(err.toString())
        .isEqualToIgnoringNewLines("places kmeans: %s (see places kmeans --help)".formatted(said));
    assertThat(out.toString()).isEmpty();
  }
}
