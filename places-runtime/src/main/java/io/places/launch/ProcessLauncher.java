package io.places.launch;

import io.places.LaunchException;
import io.places.PlaceInterruptedException;
import io.places.Seconds;
import io.places.Spawner;
import io.places.channel.Timeouts;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Starts a node in a JVM of its own on this machine: the same JDK, the same class path.
 *
 * <p>The child gets its configuration, secret included, on its standard input, and lives as long as that
 * stays open: it ends with this JVM, however this JVM ends. Its standard output and error appear on this
 * JVM's, each line with the node's name in front, unless {@link #logs} names a folder for them.
 *
 * <p>The first launch has an AOT cache made in the user's cache folder, out of which the next ones start in half
 * the time; {@code -Dio.places.aot=off} turns that off. For it, this library's jars come first in the child's
 * class path.
 *
 * <p>A child has 20 s to come up, unless {@link #limit} says otherwise; {@code -Dio.places.launch.limit=60} makes that a
 * minute for all launches of this JVM that do not say it themselves.
 *
 * <p>Immutable; the methods answer changed copies.
 *
 * @param jvmOptions for the child, before the class path
 * @param limit how long the child may take until its node listens, and then until it has answered
 * @param logs the folder for what the children print; null for this JVM's streams
 */
public record ProcessLauncher(List<String> jvmOptions, Duration limit, @Nullable Path logs)
    implements Launcher {
  /** The system property for another limit on a start than this one, in seconds. */
  private static final String LIMIT_PROPERTY = "io.places.launch.limit";

  /** A cold JVM on a busy machine takes 2 s. */
  private static final long LIMIT_SECONDS = 20;

  /** What a child that has failed may take to end and to say why. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /**
   * Children that do not listen yet. They look for the end of this JVM when they have come up, which takes seconds on a
   * busy machine: so they are ended with it, if it has the time.
   */
  private static final Set<Process> STARTING = endedWithThisJvm();

  private static final String NO_CACHE = "-D" + AotCache.PROPERTY + "=off";

  public ProcessLauncher {
    jvmOptions = List.copyOf(jvmOptions);
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("the launch limit must be positive, but is " + Seconds.of(limit));
    }
    limit = Duration.ofNanos(Timeouts.nanos(limit)); // to which something can be added
  }

  private static Set<Process> endedWithThisJvm() {
    Set<Process> processes = ConcurrentHashMap.newKeySet();
    try {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> processes.forEach(Process::destroyForcibly), "places-end-starting"));
    } catch (IllegalStateException e) {
      // It is ending already.
    }
    return processes;
  }

  static ProcessLauncher standard() {
    return new ProcessLauncher(List.of(), standardLimit(), null);
  }

  private static Duration standardLimit() {
    String seconds = System.getProperty(LIMIT_PROPERTY, Long.toString(LIMIT_SECONDS));
    try {
      long all = Long.parseLong(seconds);
      if (all > 0) {
        return Duration.ofSeconds(all);
      }
    } catch (NumberFormatException e) {
      // As below.
    }
    throw new IllegalArgumentException(
        "-D%s is a number of seconds, 1 or more, not '%s'".formatted(LIMIT_PROPERTY, seconds));
  }

  /** With one more option for the child's JVM, such as {@code -Xmx512m}. */
  public ProcessLauncher jvmOption(String option) {
    List<String> more = new ArrayList<>(jvmOptions);
    more.add(option);
    return new ProcessLauncher(more, limit, logs);
  }

  /** With another limit on the time until the child's node listens. */
  public ProcessLauncher limit(Duration other) {
    return new ProcessLauncher(jvmOptions, other, logs);
  }

  /**
   * Has the child's standard output and error written to a file of this folder, "node-1.log" for node-1,
   * instead of this JVM's streams. A file that exists is added to. What places print for their creators
   * is none of it: that appears with the creator.
   */
  public ProcessLauncher logs(Path folder) {
    return new ProcessLauncher(jvmOptions, limit, folder);
  }

  /** The file of a node's log. */
  public static Path logFile(Path folder, String nodeName) {
    return folder.resolve(nodeName + ".log");
  }

  @Override
  public LaunchedProcess launch(NodeProcess node) {
    NodeClassPath classPath = NodeClassPath.ofThisJvm();
    List<String> told = AotCache.withEnvironment(System.getenv(), jvmOptions);
    List<String> inherited =
        inherited(ManagementFactory.getRuntimeMXBean().getInputArguments(), told);
    AotCache cache =
        inherited.stream().anyMatch(ProcessLauncher::isAotCache)
            ? null
            : AotCache.of(classPath, told);
    Process process;
    ProcessOutput pumps;
    try {
      PrintStream log = logs == null ? null : open(logFile(logs, node.nodeName()));
      List<String> options = new ArrayList<>(inherited);
      if (cache != null) {
        options.addAll(cache.options());
      }
      process = start(command(node, options, cache == null ? null : classPath));
      pumps = pump(node, process, log);
    } catch (IOException e) {
      throw new LaunchException(
          "cannot start a JVM for node %s: %s".formatted(node.nodeName(), e.getMessage()), e);
    }
    try {
      configure(process, node);
      int port = pumps.port().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (cache != null) {
        cache.makeIfMissing();
      }
      return new LocalProcess(node.nodeName(), process, port, pumps, limit);
    } catch (ExecutionException | IOException e) {
      throw failed(process, pumps, node, "ended before it listened", e);
    } catch (TimeoutException e) {
      throw failed(process, pumps, node, "did not listen within " + Seconds.of(limit), e);
    } catch (InterruptedException e) {
      LocalProcess.kill(process);
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while launching " + node.nodeName(), e);
    } finally {
      STARTING.remove(process);
    }
  }

  private static Process start(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    STARTING.add(process);
    return process;
  }

  private static ProcessOutput pump(NodeProcess node, Process process, @Nullable PrintStream log)
      throws IOException {
    try {
      return ProcessOutput.pump(node.nodeName(), process, Spawner.system(), log);
    } catch (OutOfMemoryError e) { // so the JDK says that there is no thread
      process.destroyForcibly();
      throw new IOException("the system gives this process no thread: " + e.getMessage(), e);
    }
  }

  private static PrintStream open(Path log) throws IOException {
    try {
      return new PrintStream(
          Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
          true,
          StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no folder for its log " + log, e);
    }
  }

  private List<String> command(
      NodeProcess node, List<String> options, @Nullable NodeClassPath classPath) {
    List<String> command = new ArrayList<>();
    command.add(AotCache.java());
    command.addAll(NodeJvm.options());
    command.addAll(options);
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(
        classPath == null ? System.getProperty("java.class.path") : classPath.toString());
    command.add(node.mainClass());
    command.add(node.nodeName());
    return command;
  }

  /**
   * This JVM's AOT cache fits the child, which has the same JDK and class path, unless its options about modules are
   * others; so does how it is used.
   *
   * @param own this JVM's options, with those of the environment
   * @param told the child's, likewise
   */
  static List<String> inherited(List<String> own, List<String> told) {
    boolean fits = AotCache.modulesOf(own).equals(AotCache.modulesOf(told));
    return own.stream()
        .filter(
            option ->
                (fits && isAotCache(option))
                    || option.startsWith("-Xlog:")
                    || option.equals(NO_CACHE)
                    || AotCache.NO_REPLAY.contains(option))
        .toList();
  }

  private static boolean isAotCache(String option) {
    return option.startsWith("-XX:AOTCache=");
  }

  private static void configure(Process process, NodeProcess node) throws IOException {
    // Not closed: the open pipe is the child's lifeline.
    Writer stdin = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    for (String line : node.configuration()) {
      stdin.write(line + "\n");
    }
    stdin.write(NodeProcess.END_OF_CONFIGURATION + "\n");
    stdin.flush();
  }

  private static LaunchException failed(
      Process process, ProcessOutput pumps, NodeProcess node, String what, Exception cause) {
    // First the errors, then the end by force: that closes the stream, whatever is still in it.
    String written = pumps.errors(LAST_WORDS);
    // One that did not listen in time is not about to end.
    Duration ending = cause instanceof TimeoutException ? Duration.ZERO : LAST_WORDS;
    OptionalInt code =
        LocalProcess.ended(process, ending) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
    process.destroyForcibly();
    return new LaunchException(
        "node %s %s%s; its standard error: %s"
            .formatted(
                node.nodeName(),
                what,
                code.isEmpty() ? "" : " (" + LocalProcess.cause(code.getAsInt()) + ")",
                written.isEmpty() ? "nothing" : "\n" + written.stripTrailing()),
        cause,
        code);
  }
}
