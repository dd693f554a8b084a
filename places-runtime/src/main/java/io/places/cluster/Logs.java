package io.places.cluster;

import io.places.launch.ProcessLauncher;
import io.places.node.RemoteNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of a cluster's logs: a temporary one is deleted unless somebody wants to keep it. */
final class Logs {
  /** As many as one reads: the stack traces of the last moments. */
  private static final int SHOWN_LINES = 200;

  private final Path folder;
  private volatile boolean kept;

  private Logs(Path folder, boolean kept) {
    this.folder = folder;
    this.kept = kept;
  }

  static Logs in(@Nullable Path folder) {
    try {
      return folder == null
          ? new Logs(Files.createTempDirectory("places-cluster-"), false)
          : new Logs(Files.createDirectories(folder), true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for the nodes' logs: " + e.getMessage(), e);
    }
  }

  Path folder() {
    return folder;
  }

  Path file(RemoteNode node) {
    return ProcessLauncher.logFile(folder, node.name());
  }

  void keep() {
    kept = true;
  }

  void print(RemoteNode node, PrintStream to) {
    Path file = file(node);
    try {
      List<String> lines = read(file).lines().toList();
      int from = Math.max(0, lines.size() - SHOWN_LINES);
      to.println(
          from == 0 ? "its log:" : "the last %d lines of %s:".formatted(SHOWN_LINES, file));
      lines.subList(from, lines.size()).forEach(line -> to.println("  " + line));
    } catch (IOException e) {
      to.println("its log cannot be read: " + e);
    }
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      return Files.readString(file, StandardCharsets.ISO_8859_1); // killed in the middle of a character
    }
  }

  void delete() {
    if (kept) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // A log that stays in the temporary folder harms nobody, and the test has passed.
    }
  }
}
