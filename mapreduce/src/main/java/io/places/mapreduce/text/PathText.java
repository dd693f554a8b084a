package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/*
 * A path of the default file system travels as it is written; one of another as its URI, by which any JVM finds it
 * whose class path has the file system's provider.
 */
/** Paths as they travel: as text. */
final class PathText {
  /** One letter would be a drive. */
  private static final Pattern URI_BEGIN = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*", Pattern.DOTALL);

  private PathText() {}

  /** The text of an absolute path. */
  static String of(Path path) {
    return isDefault(path) ? path.toString() : path.toUri().toString();
  }

  static boolean isDefault(Path path) {
    return path.getFileSystem().equals(FileSystems.getDefault());
  }

  /**
   * The path that a text means. Opens its file system, if that is not open here.
   *
   * @throws InputException if there is no such file system here
   */
  static Path path(String text) {
    if (!URI_BEGIN.matcher(text).matches()) {
      return Path.of(text);
    }
    URI uri = URI.create(text);
    try {
      return Path.of(uri);
    } catch (FileSystemNotFoundException e) {
      return opened(uri, e);
    }
  }

  private static Path opened(URI uri, FileSystemNotFoundException cause) {
    try {
      FileSystems.newFileSystem(uri, Map.of());
    } catch (FileSystemAlreadyExistsException e) {
      // Another thread has just opened it.
    } catch (IOException | RuntimeException e) {
      e.addSuppressed(cause);
      throw new InputException(
          "the file system of %s cannot be opened here: %s; if it lives in the memory of one process, only that one can read it"
              .formatted(uri, e),
          e);
    }
    return Path.of(uri);
  }
}
