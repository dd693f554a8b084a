package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.examples.kmeansmr.KMeansRounds;
import io.places.mapreduce.JobListener;
import io.places.mapreduce.JobProgress;
import io.places.mapreduce.JobReport;
import io.places.mapreduce.TaskCounter;
import io.places.mapreduce.Workers;
import io.places.node.Node;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of map-reduce on two processes each, checked against a few plain lines of Java. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class JobExamplesTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int example(Object... arguments) {
    String[] all =
        Stream.concat(Stream.of("example"), Stream.of(arguments).map(Object::toString))
            .toArray(String[]::new);
    out.getBuffer().setLength(0);
    return PlacesCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }

  private void succeed(Object... arguments) {
    assertThat(example(arguments)).as(err.toString()).isZero();
  }

  /** The lines of all parts. */
  private static List<String> lines(Path output) throws IOException {
    List<String> lines = new ArrayList<>();
    PartLines.of(output).forEach(lines::add);
    return lines;
  }

  private Path texts() throws IOException {
    Path texts = Files.createDirectories(folder.resolve("texts/deeper"));
    Files.writeString(texts.resolve("a"), "The cat,\nthe CAT.\n\nÄpfel äpfel x\n".repeat(20_000));
    Files.writeString(texts.resolve("b"), "no end of line, no Cat");
    return folder.resolve("texts");
  }

  @Test
  void grepFindsTheLinesWithTheirPlaces() throws IOException {
    Path texts = texts();
    succeed("grep", "-i", "\\bcat\\b[^,]*$", texts);

    List<String> expected = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      Path file = texts.resolve("deeper").resolve(name);
      long offset = 0;
      for (String line : Files.readAllLines(file)) {
        if (Pattern.compile("(?i)\\bcat\\b[^,]*$").matcher(line).find()) {
          expected.add("%s:%d\t%s".formatted(file, offset, line));
        }
        offset += line.getBytes(StandardCharsets.UTF_8).length + 1;
      }
    }
    assertThat(expected).hasSize(20_001);
    assertThat(out.toString().lines()).containsExactlyElementsOf(expected);
  }

  @Test
  void theIndexHasEveryPlaceOfEveryWord() throws IOException {
    Path texts = texts();
    Path output = folder.resolve("index");
    succeed("inverted-index", "--reducers=3", output, texts);

    Map<String, StringBuilder> expected = new TreeMap<>();
    for (String name : List.of("a", "b")) {
      Path file = texts.resolve("deeper").resolve(name);
      String text = Files.readString(file);
      var words = Pattern.compile("[\\p{L}\\p{Nd}]+").matcher(text);
      int before = 0;
      long offset = 0;
      while (words.find()) {
        offset += text.substring(before, words.start()).getBytes(StandardCharsets.UTF_8).length;
        before = words.start();
        String key = words.group().toLowerCase(Locale.ROOT) + "\t" + file + "\t";
        StringBuilder places = expected.computeIfAbsent(key, k -> new StringBuilder());
        places.append(places.isEmpty() ? "" : " ").append(offset);
      }
    }
    List<String> all = new ArrayList<>();
    expected.forEach((key, places) -> all.add(key + places));
    assertThat(lines(output)).containsExactlyInAnyOrderElementsOf(all);
    assertThat(out.toString()).isEqualTo("words: 8\nwords in files: 9\n");
  }

  @Test
  void recordsAreMadeSortedAndFoundToBeSorted() throws IOException {
    Path records = folder.resolve("records");
    Path sorted = folder.resolve("sorted");
    succeed("sort", "generate", 30_000, records, "--seed", 7);
    succeed("sort", "run", "--reducers=3", records, sorted);
    succeed("sort", "validate", records, sorted);
    assertThat(out.toString()).startsWith("records: 30000\nunordered: 0\nduplicate keys: 0\n");

    byte[] input = Files.readAllBytes(records);
    byte[][] expected = new byte[30_000][];
    Arrays.setAll(expected, i -> Arrays.copyOfRange(input, i * 100, i * 100 + 100));
    Arrays.sort(expected, (a, b) -> Arrays.compareUnsigned(a, 0, 10, b, 0, 10));
    byte[] found = new byte[input.length];
    int at = 0;
    for (String part : List.of("part-r-00000", "part-r-00001", "part-r-00002")) {
      byte[] bytes = Files.readAllBytes(sorted.resolve(part));
      assertThat(bytes.length).isBetween(500_000, 2_000_000);
      System.arraycopy(bytes, 0, found, at, bytes.length);
      at += bytes.length;
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(Arrays.compare(found, i * 100, i * 100 + 100, expected[i], 0, 100)).isZero();
    }

    found[50]++; // in a record, which is then another
    Path wrong = Files.write(folder.resolve("wrong"), found);
    assertThat(example("sort", "validate", records, wrong)).isEqualTo(1);
    assertThat(err.toString()).contains(wrong + " is not " + records + " in order");
    assertThat(example("sort", "validate", records, records)).isEqualTo(1);
    assertThat(out.toString()).containsPattern("unordered: 1\\d{4}\n");
    assertThat(example("sort", "generate", 1, records)).isEqualTo(1);
    assertThat(err.toString()).contains(records + " exists");
  }

  @Test
  void theClustersAreThoseOfASerialProgramHoweverManyWorkersReadThePointsOnce() throws IOException {
    Path points = folder.resolve("points");
    io.places.examples.kmeansmr.PointsFile.write(
        points, new io.places.examples.kmeans.Blobs(65_000, 3, 5), 11);
    succeed("kmeans-mr", "-k", 5, "--iterations", 10, points);
    Map<String, String> said = new TreeMap<>();
    out.toString().lines().map(line -> line.split(": ", 2)).forEach(kv -> said.put(kv[0], kv[1]));

    double[][] all =
        Files.readAllLines(points).stream()
            .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    int iterations = Integer.parseInt(said.get("iterations"));
    double inertia = serialInertia(all, 5, iterations);
    var near = org.assertj.core.data.Offset.offset(1e-9 * inertia);
    assertThat(said).containsEntry("points", "65000").containsEntry("dimensions", "3");
    assertThat(Double.parseDouble(said.get("inertia"))).isCloseTo(inertia, near);

    for (int workers : List.of(1, 2, 4)) {
      List<JobReport> rounds = new ArrayList<>();
      KMeansRounds.Result result = clusters(points, workers, rounds);
      assertThat(result.iterations()).isEqualTo(iterations);
      assertThat(result.inertia()).as("by %d workers", workers).isCloseTo(inertia, near);
      assertThat(rounds.getFirst().maps()).isGreaterThanOrEqualTo(3);
      assertReadInTheFirstRoundOnly(rounds, Files.size(points));
    }
  }

  private KMeansRounds.Result clusters(Path points, int workers, List<JobReport> rounds)
      throws IOException {
    Path outputs = Files.createDirectory(folder.resolve("rounds-" + workers));
    String allowed = KMeansRounds.class.getPackageName();
    try (Workers group = Workers.launch(workers, Node.inThisJvm(), allowed)) {
      return new KMeansRounds(
              List.of(points), outputs, job -> rounds.add(group.run(job, JobListener.NONE)))
          .run(5, 10);
    }
  }

  private static void assertReadInTheFirstRoundOnly(List<JobReport> rounds, long bytes) {
    assertThat(rounds.getFirst().counters().get(TaskCounter.MAP_INPUT_BYTES)).isEqualTo(bytes);
    assertThat(rounds.subList(1, rounds.size()))
        .isNotEmpty()
        .filteredOn(round -> !wentElsewhere(round))
        .allSatisfy(
            round -> assertThat(round.counters().get(TaskCounter.MAP_INPUT_BYTES)).isZero());
  }

  /** Whether a task may have gone where its points are not kept: for that one must have run for a second. */
  private static boolean wentElsewhere(JobReport round) {
    Duration slowest = round.phases().getFirst().slowest().orElseThrow().time();
    return round.faults().secondAttempts() > 0 || slowest.compareTo(Duration.ofSeconds(1)) > 0;
  }

  private static double serialInertia(double[][] points, int k, int iterations) {
    double[][] centroids = Arrays.copyOf(points, k);
    for (int iteration = 0; iteration <= iterations; iteration++) {
      double[][] sums = new double[k][points[0].length];
      int[] counts = new int[k];
      double inertia = 0;
      for (double[] point : points) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < k; c++) {
          double distance = 0;
          for (int i = 0; i < point.length; i++) {
            distance += (point[i] - centroids[c][i]) * (point[i] - centroids[c][i]);
          }
          if (distance < least) {
            least = distance;
            nearest = c;
          }
        }
        inertia += least;
        counts[nearest]++;
        for (int i = 0; i < point.length; i++) {
          sums[nearest][i] += point[i];
        }
      }
      if (iteration == iterations) {
        return inertia;
      }
      centroids = new double[k][];
      for (int c = 0; c < k; c++) {
        double count = counts[c];
        centroids[c] = Arrays.stream(sums[c]).map(sum -> sum / count).toArray();
      }
    }
    throw new AssertionError();
  }

  @Test
  void sessionsAreThoseThatTheGapsMake() throws IOException {
    Path log = folder.resolve("log");
    Path output = folder.resolve("sessions");
    succeed("log-sessions", "generate", 5_000, log, "--users", 20, "--seed", 3);
    Files.writeString(log, Files.readString(log) + "neither time nor user\n");
    succeed("log-sessions", "run", "--gap", "20m", output, log);

    Map<String, List<Instant>> visits = new TreeMap<>();
    for (String line : Files.readAllLines(log)) {
      String[] fields = line.split(" ", -1);
      if (fields.length == 3) {
        visits.computeIfAbsent(fields[1], user -> new ArrayList<>()).add(Instant.parse(fields[0]));
      }
    }
    List<String> expected = new ArrayList<>();
    visits.forEach(
        (user, times) -> {
          times.sort(null);
          int begin = 0;
          for (int i = 1; i <= times.size(); i++) {
            if (i == times.size()
                || Duration.between(times.get(i - 1), times.get(i)).toSeconds() > 1_200) {
              expected.add(
                  "%s\t%s\t%s\t%d".formatted(user, times.get(begin), times.get(i - 1), i - begin));
              begin = i;
            }
          }
        });
    assertThat(lines(output)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(out.toString())
        .isEqualTo(
            "users: 20\nvisits: 5000\nsessions: %d\nunreadable lines: 1\n"
                .formatted(expected.size()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grep|grep (|'(' is no pattern: Unclosed group",
        "inverted-index|inverted-index --reducers 0 out|--reducers must be 1 to 10000, not 0",
        "sort|sort|Missing the step: generate, run or validate",
        "sort run|sort run --nodes 0 in out|--nodes must be 1 to 64, not 0",
        "kmeans-mr|kmeans-mr -k 2|say what to cluster: either INPUT or --generate N,DIM,K",
        "log-sessions|log-sessions generate 1 log --users 0|--users must be 1 to 100000000, not 0"
      })
  void wrongUseIsOneLineAndCodeTwo(String name, String line, String said) {
    assertThat(example((Object[]) line.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString().strip())
        .startsWith("places example " + name)
        .contains(": " + said + " (see places example ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void progressTellsPhaseRateAndTimeLeft() {
    Duration time = Duration.ofSeconds(2);
    assertThat(
            JobProgressBar.line(
                new JobProgress(1, 4, 20_000_000, 100_000_000, 0, 2, 0, 0), time))
        .isEqualTo("map 1 of 4 tasks, 20 of 100 MB, 10.0 MB/s, 8 s left");
    assertThat(
            JobProgressBar.line(
                new JobProgress(4, 4, 100_000_000, 100_000_000, 1, 2, 5_000_000, 6_000_000), time))
        .isEqualTo("reduce 1 of 2 tasks, 5 of 6 MB, 2.5 MB/s, 0 s left");
    assertThat(JobProgressBar.line(new JobProgress(0, 4, 0, 100_000_000, 0, 2, 0, 0), time))
        .isEqualTo("map 0 of 4 tasks, 0 of 100 MB, 0.0 MB/s");
  }
}
