package io.places.examples.cli;

import io.places.PlacesException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ExitCode;

/** A JVM that has a user's classes beside ours, and takes the place of this one. */
final class ChildJvm {
  /** Less than this JVM waits for its own end. */
  private static final Duration LAST_WORDS = Duration.ofMillis(1_500);

  /** Compiling early what was hot while the cache was made costs more than it brings. */
  private static final Set<String> NO_REPLAY = Set.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTReplayTraining");

  private ChildJvm() {}

  /**
   * Runs a main class with this JVM's streams until it ends, and answers its exit code. It does not
   * outlive this JVM. When the user stops this one, the thread is interrupted on return.
   *
   * @param environment added to this JVM's; an empty value removes a variable
   */
  static int run(String classPath, List<String> mainAndArguments, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(aotOptions());
    command.add("-cp");
    // Ours first: the AOT cache holds for a class path that begins with ours.
    command.add(System.getProperty("java.class.path") + File.pathSeparator + classPath);
    command.add(ChildMain.class.getName());
    command.add(Long.toString(ProcessHandle.current().pid()));
    command.addAll(mainAndArguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    try (var interruption = new Interruption()) {
      int code = toEnd(builder.start());
      if (!interruption.isStopping()) {
        return code;
      }
      Thread.currentThread().interrupt();
      return ExitCode.SOFTWARE;
    } catch (IOException e) {
      throw new PlacesException("cannot start a JVM: " + e.getMessage(), e);
    }
  }

  /** A Ctrl-C reaches the child by itself, as it is in the same group; any other signal comes from here. */
  private static int toEnd(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      try {
        if (!process.waitFor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException again) {
        process.destroyForcibly();
      }
      return ExitCode.SOFTWARE;
    }
  }

  /** As the script {@code places} gives them; the child's nodes have them from the child. */
  private static List<String> aotOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option ->
                option.startsWith("-XX:AOTCache=")
                    || option.startsWith("-Xlog:")
                    || NO_REPLAY.contains(option))
        .toList();
  }
}
