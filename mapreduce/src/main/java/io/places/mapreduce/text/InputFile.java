package io.places.mapreduce.text;

import java.nio.file.Path;

/**
 * A file to read, or an entry of a zip file.
 *
 * @param entry empty for a plain file
 * @param length in bytes; unpacked for an entry
 */
record InputFile(Path file, String entry, long length) {

  /** Whether a part of it can be read without what is before. */
  boolean canBeCut() {
    return entry.isEmpty() && !GzipPiece.isName(file.toString());
  }
}
