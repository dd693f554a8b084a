package io.places.mapreduce.text;

import io.places.mapreduce.proto.Piece;
import java.io.IOException;
import java.util.Arrays;

/** The bytes of a piece, as many at a time as are wanted. */
final class PieceBytes implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final PieceStream stream;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private int at;
  private long left;
  private long taken;

  PieceBytes(PieceStream stream, Piece piece) {
    this.stream = stream;
    this.left = stream.knowsLength() ? piece.getLength() : Long.MAX_VALUE;
  }

  /** The next byte, from 0 to 255; -1 at the end. */
  int next() throws IOException {
    if (at == filled && !fill()) {
      return -1;
    }
    taken++;
    return buffer[at++] & 0xFF;
  }

  /** So many bytes; fewer if it ends before. */
  byte[] next(int count) throws IOException {
    byte[] bytes = new byte[Math.min(count, BUFFER_BYTES)]; // a damaged length must not take the memory
    int got = 0;
    while (got < count && (at < filled || fill())) {
      if (got == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * got));
      }
      int part = Math.min(filled - at, bytes.length - got);
      System.arraycopy(buffer, at, bytes, got, part);
      at += part;
      got += part;
    }
    taken += got;
    return got == bytes.length ? bytes : Arrays.copyOf(bytes, got);
  }

  /** How many were taken. */
  long taken() {
    return taken;
  }

  private boolean fill() throws IOException {
    if (left == 0) {
      return false;
    }
    int read = stream.read(buffer, 0, (int) Math.min(buffer.length, left));
    if (read < 0) {
      left = 0;
      return false;
    }
    left -= read;
    if (left == 0) {
      stream.end();
    }
    at = 0;
    filled = read;
    return true;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
