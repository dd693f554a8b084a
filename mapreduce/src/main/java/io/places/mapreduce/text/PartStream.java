package io.places.mapreduce.text;

import io.places.mapreduce.OutputException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;

/** Into the file of a part: says which, and what to do, if that fails. */
final class PartStream extends FilterOutputStream {
  private final Path file;
  private long written;

  PartStream(Path file, OutputStream out) {
    super(out);
    this.file = file;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (ClosedByInterruptException e) {
      throw e; // the task was stopped
    } catch (IOException e) {
      throw new OutputException(
          "cannot write the output file %s, at byte %d of it: %s; if there is no room, make some, or choose another output folder"
              .formatted(file, written, e.getMessage()),
          e);
    }
    written += length;
  }
}
