package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command with real processes, signals and files. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class WordCountCommandTest {
  /** Of one MiB each. */
  private static final int BIG_FILES = 150;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** In this process, which saves a JVM; its nodes have their own. Answers the exit code. */
  private int executeHere(List<String> arguments) {
    out.getBuffer().setLength(0);
    return PlacesCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5"})
  void theCountsOfAFolderAndAZipAreRight(int nodes, int reducers) throws IOException {
    Path texts = Files.createDirectories(folder.resolve("texts/deeper"));
    Files.writeString(texts.resolve("a.txt"), "The cat; the CAT.\nÄpfel äpfel ΣΟΦΟΣ\n");
    Files.writeString(texts.resolve("b"), "x1 2y the");
    Files.write(texts.resolve("empty"), new byte[0]);
    Files.write(texts.resolve("bad"), new byte[] {'a', (byte) 0xFF, 'b', (byte) 0xC3});
    Path zip = zip(Map.of("one", "cat zip", "sub/two", "zip zip"));
    Path output = folder.resolve("counts");

    Run run =
        Run.toEnd(
            folder,
            "wordcount",
            "--nodes=" + nodes,
            "--reducers=" + reducers,
            "--split-bytes=" + 10 * nodes,
            "--output=" + output,
            "--top=3",
            folder.resolve("texts").toString(),
            zip.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines().limit(6))
        .containsExactly(
            "3\tcat", "3\tthe", "3\tzip", "total words: 16", "distinct words: 9",
            "malformed bytes: 2");
    assertThat(run.out()).containsPattern("seconds: \\d+\\.\\d\\d\nMB/s: \\d+\\.\\d\n");
    assertThat(parts(output))
        .isEqualTo(
            Map.of(
                "a", 1L, "b", 1L, "cat", 3L, "the", 3L, "zip", 3L, "äpfel", 2L, "σοφο\u03c2", 1L,
                "x1", 1L, "2y", 1L));
    assertThat(names(output)).hasSize(reducers).allMatch(name -> name.matches("part-r-\\d{5}"));
  }

  @Test
  void standardInputIsCounted() throws IOException {
    try (Run run = Run.start(folder, "wordcount", "--nodes=1", "--top=1", "-")) {
      try (OutputStream in = run.process().getOutputStream()) {
        in.write("in and in".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out()).startsWith("2\tin\ntotal words: 3\n");
    }
    assertThat(names(folder.resolve("tmp"))).as("temporary files left").isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--nodes 0 | places wordcount: --nodes must be 1 to 64, not 0 (see places wordcount --help)",
        "--nodes -3 | places wordcount: --nodes must be 1 to 64, not -3 (see places wordcount --help)",
        "--reducers 0 | places wordcount: --reducers must be 1 to 10000, not 0 (see places wordcount --help)",
        "--top -1 | places wordcount: --top must be 0 to 1000000, not -1 (see places wordcount --help)",
        "--nodes many | places wordcount: Invalid value for option '--nodes': 'many' is not an int (see places wordcount --help)",
      })
  void wrongUseIsOneLineAndExitCode2(String arguments, String line) {
    List<String> all = new ArrayList<>(List.of("wordcount"));
    all.addAll(Arrays.asList(arguments.split(" ", -1)));
    assertThat(executeHere(all)).isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo(line);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void wrongUseEndsTheProcessWithCode2() throws IOException {
    Run run = Run.toEnd(folder, "wordcount", "--reducers", "many");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip())
        .isEqualTo(
            "places wordcount: Invalid value for option '--reducers': 'many' is not an int (see places wordcount --help)");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void badInputIsNamedInTheLastLineAndNothingIsWritten() throws IOException {
    Path missing = folder.resolve("missing");
    Path empty = Files.createDirectory(folder.resolve("no-files"));
    Path corrupt = zip(Map.of("one", "some words".repeat(1_000), "two", "more".repeat(1_000)));
    byte[] bytes = Files.readAllBytes(corrupt);
    Arrays.fill(bytes, 50, 60, (byte) 0);
    Files.write(corrupt, bytes);
    Path good = Files.writeString(folder.resolve("good"), "words");
    Path existing = Files.createDirectory(folder.resolve("existing"));
    Path output = folder.resolve("out");

    Run run = Run.toEnd(folder, "wordcount", "--nodes=1", "--output=" + output, missing.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).last().asString().contains(missing.toString());
    assertThat(run.out()).isEmpty();
    assertFails(List.of(good.toString(), empty.toString()), output, empty.toString());
    assertFails(List.of(good.toString(), corrupt.toString()), output, corrupt.toString());
    assertFails(List.of(good.toString()), existing, existing.toString());
    assertThat(names(existing)).isEmpty();
    assertThat(output).doesNotExist();
  }

  private void assertFails(List<String> inputs, Path output, String named) {
    List<String> arguments = new ArrayList<>(List.of("wordcount", "--nodes=1", "--output=" + output));
    arguments.addAll(inputs);
    assertThat(executeHere(arguments)).isEqualTo(1);
    assertThat(err.toString().lines()).last().asString().contains(named);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aKilledNodeIsNamedAndTheCountsAreRight() throws Exception {
    Path input = bigInput();
    Path output = folder.resolve("out");
    try (Run run =
        Run.start(folder, "wordcount", "--nodes=2", "--output=" + output, input.toString())) {
      List<ProcessHandle> nodes = run.nodes(2);
      Run.waitUntil("the job has begun", () -> Files.exists(output));
      nodes.getFirst().destroyForcibly();
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.err()).containsPattern("node node-\\d was lost");
      assertAllGone(nodes);
    }
    Map<String, Long> expected = new TreeMap<>();
    for (String word : Files.readString(input.resolve("0")).split("[ -]+", -1)) {
      if (!word.isEmpty()) {
        expected.merge(word, (long) BIG_FILES, Long::sum);
      }
    }
    assertThat(parts(output).equals(expected)).isTrue(); // too many to be printed
  }

  /** Though one of them stands still, as if its machine were busy, until its job has been given up. */
  @Test
  void anInterruptEndsAllNodesAndLeavesNoPartFile() throws Exception {
    Path output = folder.resolve("out");
    try (Run run =
        Run.start(folder, "wordcount", "--nodes=2", "--output=" + output, bigInput().toString())) {
      List<ProcessHandle> nodes = run.nodes(2);
      Run.waitUntil("the job has begun", () -> Files.exists(output));
      Run.signal("STOP", nodes.getFirst().pid());
      boolean ignored = Run.ignoresInterrupts(); // then we stop it as an init system would
      Run.signal(ignored ? "TERM" : "INT", run.process().pid());
      Run.waitUntil("the output is gone", () -> !Files.exists(output) || !run.process().isAlive());
      Run.signal("CONT", nodes.getFirst().pid());
      assertThat(run.exitCode()).isEqualTo(ignored ? 143 : 130);
      assertAllGone(nodes);
    }
    assertThat(output).doesNotExist();
    assertThat(names(folder.resolve("tmp"))).isEmpty();
  }

  @Test
  void nodesEndWhenTheirOwnerIsKilled() throws Exception {
    Path output = folder.resolve("out");
    try (Run run =
        Run.start(folder, "wordcount", "--nodes=2", "--output=" + output, bigInput().toString())) {
      List<ProcessHandle> nodes = run.nodes(2);
      Run.waitUntil("the job has begun", () -> Files.exists(output));
      run.process().destroyForcibly();
      assertAllGone(nodes);
    }
    assertThat(Files.exists(output) ? names(output) : List.<String>of())
        .as("files that look complete")
        .noneMatch(name -> name.startsWith("part-"));
  }

  @Test
  void everyNodeSaysHello() throws IOException {
    Run run = Run.toEnd(folder, "hello", "--nodes=3");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .hasSize(3)
        .allMatch(line -> line.matches("hello from node-\\d on localhost, process \\d+"));
    assertThat(run.out().lines().map(line -> line.replaceAll(".*process ", "")).distinct())
        .hasSize(3);
  }

  private static void assertAllGone(List<ProcessHandle> nodes) {
    for (ProcessHandle node : nodes) {
      Run.waitUntil("node " + node.pid() + " has ended", () -> !node.isAlive());
    }
  }

  /** Enough work for some seconds. */
  private Path bigInput() throws IOException {
    Random random = new Random(1);
    var text = new StringBuilder();
    while (text.length() < 1 << 20) {
      text.append(Long.toString(random.nextLong(), 36)).append(' ');
    }
    Path texts = Files.createDirectory(folder.resolve("big"));
    Path first = Files.writeString(texts.resolve("0"), text);
    for (int i = 1; i < BIG_FILES; i++) {
      Files.createLink(texts.resolve(Integer.toString(i)), first);
    }
    return texts;
  }

  private Path zip(Map<String, String> entries) throws IOException {
    Path file = folder.resolve("texts.zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : new TreeMap<>(entries).entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static Map<String, Long> parts(Path output) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (String name : names(output)) {
      for (String line : Files.readAllLines(output.resolve(name))) {
        String[] fields = line.split("\t", -1);
        assertThat(counts.put(fields[0], Long.valueOf(fields[1]))).isNull();
      }
    }
    return counts;
  }
}
