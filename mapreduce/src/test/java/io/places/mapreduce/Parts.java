package io.places.mapreduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the output of a job. */
final class Parts {
  private Parts() {}

  /** The names of the files in the folder, sorted. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The lines of one part. */
  static List<String> lines(Path folder, int partition) throws IOException {
    return Files.readAllLines(folder.resolve(new OutputPart(partition, 0).fileName()));
  }

  /** The lines of all parts, sorted. */
  static List<String> sorted(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : names(folder)) {
      lines.addAll(Files.readAllLines(folder.resolve(name)));
    }
    lines.sort(null);
    return lines;
  }
}
