package io.places.mapreduce.text;

import java.io.IOException;

/**
 * The bytes of one piece of a split. If their number is known, they are exactly as many as the piece says:
 * a file that has become shorter, or an archive that is damaged, is an error and not an early end.
 */
interface PieceStream extends AutoCloseable {

  /** Whether the piece's length is that of its bytes; else {@link #read} tells where they end. */
  default boolean knowsLength() {
    return true;
  }

  /**
   * Reads some bytes, at least one. Not to be asked for more bytes than the piece has left. Answers -1 at
   * the end of a piece whose length is not known.
   *
   * @throws io.places.mapreduce.InputException if there are none, or they are damaged
   */
  int read(byte[] into, int offset, int length) throws IOException;

  /** Checks, after the last byte, what can be checked only then. */
  void end() throws IOException;

  @Override
  void close() throws IOException;
}
