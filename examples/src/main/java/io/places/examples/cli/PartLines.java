package io.places.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The lines of a job's output, part after part. */
final class PartLines {
  private final List<Path> parts;

  private PartLines(List<Path> parts) {
    this.parts = parts;
  }

  static PartLines of(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new PartLines(files.sorted().toList());
    }
  }

  void forEach(Consumer<String> line) throws IOException {
    for (Path part : parts) {
      try (Stream<String> lines = Files.lines(part)) {
        lines.forEach(line);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }
}
