package io.places.examples.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The command {@code places} in a process of its own, as a user runs it. */
final class Run implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(50);

  /** Other processes tell nobody of what they do: we look again and again. */
  private static final Duration POLL = Duration.ofMillis(5);

  private final Process process;
  private final Path out;
  private final Path err;

  private Run(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts the command; what it prints goes to files in the folder. */
  static Run start(Path folder, String... arguments) throws IOException {
    return start(folder, Map.of(), arguments);
  }

  /** With something more in its environment. */
  static Run start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
    File out = Files.createTempFile(folder, "out", ".txt").toFile();
    return start(folder, out, environment, arguments);
  }

  /** Starts the command with its standard output going to a file. */
  static Run start(Path folder, File out, String... arguments) throws IOException {
    return start(folder, out, Map.of(), arguments);
  }

  private static Run start(
      Path folder, File out, Map<String, String> environment, String... arguments) throws IOException {
    List<String> command =
        CommandJvm.ONE.command(
            "-XX:TieredStopAtLevel=1", // it runs for too short a time to optimise anything
            "-Dio.places.launch.limit=60", // the machine may be busy
            "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new Run(process, out.toPath(), err);
  }

  /** Runs the command to its end, with nothing on its standard input. */
  static Run toEnd(Path folder, String... arguments) throws IOException {
    Run run = start(folder, arguments);
    run.process.getOutputStream().close();
    run.exitCode();
    return run;
  }

  Process process() {
    return process;
  }

  int exitCode() {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the command still runs after " + LIMIT + ": " + err());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  /** Waits until the command has this many nodes as children, and answers them. */
  List<ProcessHandle> nodes(int count) {
    waitUntil("the command has " + count + " nodes", () -> nodes().size() == count);
    return nodes();
  }

  /** Its children, but for those that make archives of classes for the nodes. */
  private List<ProcessHandle> nodes() {
    return process.children().filter(Run::isNode).toList();
  }

  private static boolean isNode(ProcessHandle child) {
    try {
      return Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"))
          .contains("io.places.node.NodeMain");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  /** Sends a signal, by its name. */
  static void signal(String name, long processId) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(processId)).start().waitFor();
  }

  /**
   * Whether this process, and so its children, ignores Ctrl-C: a shell that starts a build in the
   * background has it do so, and a JVM then lets it be.
   */
  static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        long ignored = Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
        return (ignored & (1 << 1)) != 0; // signal 2 is bit 1
      }
    }
    return false;
  }

  static void waitUntil(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
