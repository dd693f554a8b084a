package io.places.mapreduce.text;

import io.places.mapreduce.OutputPart;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the files of an output folder are. */
final class OutputFolder {
  private static final String TEMPORARY = "_temporary";

  private OutputFolder() {}

  /** What holds everything while the job runs. */
  static Path temporary(Path folder) {
    return folder.resolve(TEMPORARY);
  }

  /** Whether a folder is one that a job leaves in its output only if it does not end. */
  static boolean isTemporary(Path folder) {
    return folder.endsWith(TEMPORARY);
  }

  /** Where the parts of an attempt are written. */
  static Path attempt(Path folder, OutputPart part) {
    return temporary(folder).resolve(part.attemptName());
  }

  /** What an attempt fails with that does not find the folder which the job has made where it is controlled. */
  static NoSuchFileException notHere(Path folder, NoSuchFileException e) {
    var why =
        new NoSuchFileException(
            folder.toString(),
            null,
            "the job has ended, or the folder is not there on this host: it must be reachable by the same path on all hosts");
    why.initCause(e);
    return why;
  }
}
