package io.places.examples.cli;

import io.places.PlacesException;
import java.io.PrintWriter;

/** The end of what a command prints. */
final class Output {
  private Output() {}

  /**
   * Writes out what was printed.
   *
   * @throws PlacesException if not all of it could be written: a result that nobody got is no success
   */
  static void flush(PrintWriter out) {
    out.flush();
    if (out.checkError() || System.out.checkError()) { // a writer does not hear of its stream's errors
      throw new PlacesException("the standard output cannot be written; the result is incomplete");
    }
  }
}
