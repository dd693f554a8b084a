package io.places.mapreduce;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What attempts of several processes tell each other and the test, by files in a folder. */
final class Marks {
  /** The name of the job's parameter that names the folder. */
  static final String FOLDER = "marks";

  private Marks() {}

  /** Whether this is the first time that it happens, of all attempts of the job. */
  static boolean first(Context<?, ?> context, String what) {
    try {
      Files.createFile(Path.of(context.parameter(FOLDER)).resolve(what));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts once more. */
  static void count(Context<?, ?> context, String what) {
    try {
      Files.createTempFile(Path.of(context.parameter(FOLDER)), what, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often something was counted. */
  static int counted(Path folder, String what) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return (int) files.filter(file -> file.getFileName().toString().startsWith(what)).count();
    }
  }
}
