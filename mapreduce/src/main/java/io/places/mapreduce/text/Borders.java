package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;

/** Finds borders in a large file, reading only what is near them. */
final class Borders implements AutoCloseable {
  private static final int STEP = 64 << 10;

  private final Border border;
  private final InputFile file;
  private final SeekableByteChannel channel;
  private final ByteBuffer window = ByteBuffer.allocate(STEP);

  Borders(Border border, InputFile file) throws IOException {
    this.border = border;
    this.file = file;
    this.channel = Files.newByteChannel(file.file());
  }

  /** The first border that is at {@code wanted} or behind it: the file's end is one. */
  long atOrAfter(long wanted) throws IOException {
    long betweenWords = -1;
    // The byte before the wanted place says whether that place is a border itself.
    long at = wanted - 1;
    while (at < file.length()) {
      int read = read(at);
      for (int i = 0; i < read; i++) {
        byte b = window.get(i);
        if (b == '\n') {
          return at + i + 1;
        }
        if (betweenWords < 0 && border.isBetweenWords(window.array(), 0, i)) {
          betweenWords = at + i + 1;
        }
      }
      at += read;
      long looked = at - wanted;
      if (betweenWords >= 0 && looked >= border.lineFeedWithin()) {
        return betweenWords;
      }
      if (looked >= Border.FARTHEST) {
        throw BlockReader.noBorder(border, file.file().toString(), "", wanted);
      }
    }
    return betweenWords >= 0 ? betweenWords : file.length();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private int read(long at) throws IOException {
    channel.position(at);
    window.clear();
    int read = channel.read(window);
    if (read <= 0) {
      throw new InputException(
          "the file %s has shrunk while it was looked at: it ends at byte %d, and had %d"
              .formatted(file.file(), at, file.length()));
    }
    return read;
  }
}
