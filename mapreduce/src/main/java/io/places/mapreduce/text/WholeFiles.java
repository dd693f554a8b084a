package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Reads each file, and each entry of a zip file, as one record of bytes; its key says which. A file of
 * more than 256 MiB is refused: read it in lines, blocks, or records of fixed length. Empty files are
 * left out. Paths and errors are as in {@link TextBlocks}.
 */
public final class WholeFiles extends TextInput<Origin, byte[]> {
  private static final int MOST_BYTES = 256 << 20;
  private static final int FIRST_BYTES = 64 << 10;

  private final int mostBytes;

  /** For workers, which configure it. Programs use {@link #of}. */
  public WholeFiles() {
    this(MOST_BYTES);
  }

  WholeFiles(int mostBytes) {
    super(Border.NONE);
    this.mostBytes = mostBytes;
  }

  /** The files behind these paths. */
  public static WholeFiles of(Path... paths) {
    return of(List.of(paths));
  }

  /** The files behind these paths, of which there must be one or more. */
  public static WholeFiles of(List<Path> paths) {
    WholeFiles files = new WholeFiles();
    files.read(paths);
    return files;
  }

  @Override
  public RecordReader<Origin, byte[]> open(Split split) throws IOException {
    return new Reader(split.getPiecesList().iterator(), mostBytes);
  }

  private static final class Reader implements RecordReader<Origin, byte[]> {
    private final Iterator<Piece> pieces;
    private final int mostBytes;
    private final PieceStreams streams = new PieceStreams();
    private Piece piece = Piece.getDefaultInstance();
    private byte[] bytes = {};
    private long bytesRead;

    Reader(Iterator<Piece> pieces, int mostBytes) {
      this.pieces = pieces;
      this.mostBytes = mostBytes;
    }

    @Override
    public boolean next() throws IOException {
      if (!pieces.hasNext()) {
        return false;
      }
      piece = pieces.next();
      try (PieceStream stream = streams.open(piece)) {
        bytes = stream.knowsLength() ? readKnown(stream) : readAll(stream);
      }
      bytesRead += bytes.length;
      return true;
    }

    private byte[] readKnown(PieceStream stream) throws IOException {
      checkLength(piece.getLength());
      byte[] all = new byte[(int) piece.getLength()];
      for (int filled = 0; filled < all.length; ) {
        filled += stream.read(all, filled, all.length - filled);
      }
      stream.end();
      return all;
    }

    private byte[] readAll(PieceStream stream) throws IOException {
      byte[] all = new byte[FIRST_BYTES];
      int filled = 0;
      int read;
      while ((read = stream.read(all, filled, all.length - filled)) >= 0) {
        filled += read;
        checkLength(filled);
        if (filled == all.length) { // at the most allowed there is room for one byte more, which is one too many
          all = Arrays.copyOf(all, Math.clamp(2L * filled, 1, mostBytes + 1));
        }
      }
      return Arrays.copyOf(all, filled);
    }

    private void checkLength(long length) {
      if (length > mostBytes) {
        throw new InputException(
            "%s has %d bytes or more, too many for one record; at most %d: read it in lines, blocks, or records of fixed length"
                .formatted(key(), length, mostBytes));
      }
    }

    @Override
    public Origin key() {
      return new Origin(piece.getFile(), piece.getEntry(), 0);
    }

    @Override
    public byte[] value() {
      return bytes;
    }

    @Override
    public String position() {
      return key().toString();
    }

    @Override
    public long bytesRead() {
      return bytesRead;
    }

    @Override
    public void close() throws IOException {
      streams.close();
    }
  }
}
