package io.places.node;

import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The standard input of a place whose creator is on another node. It comes in messages that begin with a
 * kind.
 */
final class PlaceInput extends InputStream {
  static final byte BYTES = 1;
  static final byte END = 2;

  /** The creator could not read on, for the reason that follows. */
  static final byte FAILED = 3;

  private final PlaceChannel<byte[], byte[]> creator;
  private final ReentrantLock lock = new ReentrantLock();
  private byte[] piece = {}; // guarded by lock, as the others
  private int at;
  private boolean over;

  PlaceInput(PlaceChannel<byte[], byte[]> creator) {
    this.creator = creator;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    lock.lock();
    try {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, bytes, offset, count);
      at += count;
      return count;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return piece.length - at;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next piece when this one is read; false if none will come. */
  private boolean fill() throws IOException {
    while (at == piece.length && !over) {
      try {
        piece = creator.get();
        at = 1;
      } catch (PlaceInterruptedException e) {
        throw e; // the place's, as in any other wait
      } catch (PlacesException e) {
        throw new IOException("the creator of this place is gone", e);
      }
      if (piece[0] == FAILED) {
        throw new IOException(
            "the creator could not read the input: "
                + new String(piece, 1, piece.length - 1, StandardCharsets.UTF_8));
      }
      over = piece[0] == END;
    }
    return at < piece.length;
  }
}
