package io.places.ndp;

import io.places.ProtocolException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An encoded value that travels in several messages, because it may be larger than one. */
final class Parcel {
  /** Bytes of each message: large enough for the full rate, a fraction of a channel's credit. */
  static final int PIECE = 1 << 20;

  private final byte[] bytes;
  private int size;

  /**
   * @param size of the whole in bytes
   * @throws ProtocolException if that is not possible
   */
  Parcel(long size) {
    if (size < 0 || size > Integer.MAX_VALUE - 8) {
      throw new ProtocolException("a value of %d bytes; at most %d".formatted(size, Integer.MAX_VALUE - 8));
    }
    bytes = new byte[(int) size];
  }

  /** Adds what has come; gives the whole, when it is. */
  byte @Nullable [] add(byte[] more) {
    if (more.length > bytes.length - size) {
      throw new ProtocolException("a value of %d bytes turns out longer".formatted(bytes.length));
    }
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return size == bytes.length ? bytes : null;
  }

  /** Sends the pieces of a value: one at least. */
  static void send(byte[] whole, Consumer<byte[]> first, Consumer<byte[]> more) {
    if (whole.length <= PIECE) {
      first.accept(whole);
      return;
    }
    first.accept(Arrays.copyOf(whole, PIECE));
    for (int at = PIECE; at < whole.length; at += PIECE) {
      more.accept(Arrays.copyOfRange(whole, at, Math.min(whole.length, at + PIECE)));
    }
  }
}
