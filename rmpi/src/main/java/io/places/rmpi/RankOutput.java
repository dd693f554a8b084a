package io.places.rmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What one rank prints, line by line, with a tag in front of each. A line reaches the target in one piece,
 * when it is whole, so that those of several ranks do not mix.
 */
final class RankOutput extends OutputStream {
  /** A longer line goes in pieces, each a line of its own: there must be a bound. */
  static final int MOST_LINE = 64 << 10;

  private final byte[] tag;
  private final OutputStream target;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(); // guarded by this

  RankOutput(String tag, OutputStream target) {
    this.tag = tag.getBytes(StandardCharsets.US_ASCII);
    this.target = target;
  }

  @Override
  public synchronized void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    for (int at = offset; at < offset + length; at++) {
      boolean isFull = line.size() >= MOST_LINE && (bytes[at] & 0xC0) != 0x80; // between characters
      if (bytes[at] == '\n' || isFull) {
        print();
      }
      if (bytes[at] != '\n') {
        line.write(bytes[at]);
      }
    }
  }

  private void print() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(tag.length + line.size() + 1);
    whole.writeBytes(tag);
    whole.writeBytes(line.toByteArray());
    whole.write('\n');
    line.reset();
    target.write(whole.toByteArray(), 0, whole.size());
    target.flush();
  }

  /** Prints a last line that has no end; the target stays open. */
  @Override
  public synchronized void close() throws IOException {
    if (line.size() > 0) {
      print();
    }
  }

  /** As {@link #close}, for one who can do nothing about a target that is gone. */
  void end() {
    try {
      close();
    } catch (IOException e) {
      // Nobody reads what the rank printed before either.
    }
  }
}
