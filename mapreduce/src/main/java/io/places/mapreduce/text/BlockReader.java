package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * A piece begins at its start or at a border, and ends at its end or at a border: SplitPlan sees to
 * it. So only the blocks within need care: what follows the last border of a full array is carried
 * over to the next one. Every block has a new array, because a mapper may keep it; the zeroing of new
 * memory costs about a hundredth of what it takes to look at the bytes.
 */

/**
 * Reads the pieces of a split as blocks that end at borders or at the end of a file. Used by one
 * thread.
 */
final class BlockReader implements AutoCloseable {
  /** Large enough that the work on a block dwarfs that between blocks, small enough for a cache. */
  static final int BLOCK_BYTES = 256 << 10;

  private static final byte[] NOTHING = {};

  private final Border border;
  private final int blockBytes;
  private final Iterator<Piece> pieces;
  private final PieceStreams streams = new PieceStreams();
  private Piece piece = Piece.getDefaultInstance();
  private @Nullable PieceStream stream;

  /** How much of the piece is still in the stream; of one without a known length, a lot until its end. */
  private long left;

  /** How much of the piece came out of the stream. */
  private long taken;

  private byte[] bytes = NOTHING;

  /** The block is in {@link #bytes} up to here; what was read behind it belongs to the next. */
  private int length;

  private int filled;
  private long bytesRead;

  BlockReader(Split split, Border border, int blockBytes) {
    this.pieces = split.getPiecesList().iterator();
    this.border = border;
    this.blockBytes = blockBytes;
  }

  /** Goes to the next block, which is never empty; false after the last. */
  boolean next() throws IOException {
    do {
      int carried = filled - length;
      if (carried == 0 && left == 0 && !nextPiece()) {
        return false;
      }
      nextBlock(filled - length);
    } while (length == 0); // a piece of unknown length may have ended just there
    bytesRead += length;
    return true;
  }

  private void nextBlock(int carried) throws IOException {
    int size = (int) Math.min(carried + left, Math.max(blockBytes, 2L * carried));
    byte[] fresh = new byte[size];
    System.arraycopy(bytes, length, fresh, 0, carried);
    bytes = fresh;
    filled = carried;
    fill();
    cut();
  }

  /** The array that holds the block, from its beginning; never used for another block. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  Origin origin() {
    return new Origin(piece.getFile(), piece.getEntry(), offset());
  }

  /** Where the block begins, in its file or entry. */
  long offset() {
    return piece.getOffset() + taken - filled;
  }

  long bytesRead() {
    return bytesRead;
  }

  @Override
  public void close() throws IOException {
    try (streams) {
      closeStream();
    }
  }

  private boolean nextPiece() throws IOException {
    closeStream();
    do {
      if (!pieces.hasNext()) {
        return false;
      }
      piece = pieces.next();
    } while (piece.getLength() == 0);
    taken = 0;
    filled = 0;
    length = 0;
    PieceStream opened = streams.open(piece);
    stream = opened;
    left = opened.knowsLength() ? piece.getLength() : Long.MAX_VALUE / 2;
    return true;
  }

  private void fill() throws IOException {
    PieceStream open = Objects.requireNonNull(stream);
    while (filled < bytes.length && left > 0) {
      int read = open.read(bytes, filled, bytes.length - filled);
      if (read < 0) {
        left = 0;
        return;
      }
      filled += read;
      taken += read;
      left -= read;
      if (left == 0) {
        open.end();
      }
    }
  }

  /** Ends the block at the last border read; reads on while there is none. */
  private void cut() throws IOException {
    int from = 0;
    while (left > 0) {
      length = border.last(bytes, from, filled);
      if (length > from) {
        return;
      }
      if (filled >= Border.FARTHEST) {
        throw noBorder(border, piece.getFile(), piece.getEntry(), offset());
      }
      from = filled;
      grow();
    }
    length = filled;
  }

  private void grow() throws IOException {
    byte[] larger = new byte[(int) Math.min(filled + left, Math.min(2L * filled, Border.FARTHEST))];
    System.arraycopy(bytes, 0, larger, 0, filled);
    bytes = larger;
    fill();
  }

  static InputException noBorder(Border border, String file, String entry, long offset) {
    return new InputException(
        "%s: no %s within %d MiB from there; %s"
            .formatted(
                new Origin(file, entry, offset),
                border.what(),
                Border.FARTHEST >> 20,
                border.advice()));
  }

  private void closeStream() throws IOException {
    if (stream != null) {
      PieceStream open = stream;
      stream = null;
      open.close();
    }
  }
}
