package io.places.mapreduce.text;

/**
 * Where a piece of text was read.
 *
 * @param file the path of the file
 * @param entry the entry within it if it is a zip file, else empty
 * @param offset of the first byte, in the file or in the unpacked entry
 */
public record Origin(String file, String entry, long offset) {

  /** As {@code file!entry at byte offset}. */
  @Override
  public String toString() {
    return (entry.isEmpty() ? file : file + "!" + entry) + " at byte " + offset;
  }
}
