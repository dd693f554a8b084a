package io.places.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A temporary folder, made when it is first needed and removed with all that is in it. */
final class Scratch implements AutoCloseable {
  private @Nullable Path folder;

  /** A path in the folder. */
  Path path(String name) throws IOException {
    if (folder == null) {
      folder = Files.createTempDirectory("places-");
    }
    return folder.resolve(name);
  }

  @Override
  public void close() throws IOException {
    if (folder == null) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
