package io.places.examples.build;

/**
 * An error in a source.
 *
 * @param file below the folder of sources, as that was given
 * @param line from 1; 0 if the error concerns the file as a whole
 */
public record Problem(String file, long line, String message) {

  /** As compilers print it: {@code file:line: error: message}. */
  @Override
  public String toString() {
    return line > 0
        ? "%s:%d: error: %s".formatted(file, line, message)
        : "%s: error: %s".formatted(file, message);
  }
}
