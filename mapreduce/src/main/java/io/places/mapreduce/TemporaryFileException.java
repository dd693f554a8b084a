package io.places.mapreduce;

import io.places.PlacesException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** There is no room, or no way, for a worker's temporary files: no fault of the classes of the job. */
final class TemporaryFileException extends PlacesException {
  private static final long serialVersionUID = 1L;

  /**
   * For a call that failed.
   *
   * @param what was to be done: make, write, read
   * @param at where in the file
   */
  TemporaryFileException(String what, Path folder, long at, Throwable cause) {
    super(
        "cannot %s a temporary file in %s, at byte %d of it: %s; if there is no room, make some, or give the workers another folder or more memory by WorkerOptions"
            .formatted(what, folder, at, reason(cause)),
        cause);
  }

  /** Some exceptions of files say nothing but the path. */
  private static @Nullable String reason(Throwable cause) {
    return cause instanceof FileSystemException ? cause.toString() : cause.getMessage();
  }
}
