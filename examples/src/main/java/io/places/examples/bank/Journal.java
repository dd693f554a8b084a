package io.places.examples.bank;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/*
 * A line counts when it ends: one without its newline is what a kill has left of it, was never
 * acknowledged, and is cut off by the next life. Not a FileChannel, because a call that is cancelled is
 * interrupted, and an interrupt closes those.
 */

/** A file of lines, each on disk before {@link #append} returns. */
final class Journal implements AutoCloseable {
  private final RandomAccessFile file;
  private long end;

  Journal(Path path) {
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that was appended in earlier lives. */
  List<String> read() {
    try {
      byte[] bytes = new byte[Math.toIntExact(file.length())];
      file.seek(0);
      file.readFully(bytes);
      String text = new String(bytes, StandardCharsets.US_ASCII);
      end = text.lastIndexOf('\n') + 1L;
      file.setLength(end);
      return new ArrayList<>(text.substring(0, (int) end).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends a line; if that fails nothing of it stays. */
  void append(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      file.seek(end);
      file.write(bytes);
      file.getFD().sync();
      end += bytes.length;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the next line is written over what there is of this one
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
