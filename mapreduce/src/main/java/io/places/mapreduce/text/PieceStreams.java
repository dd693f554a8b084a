package io.places.mapreduce.text;

import io.places.mapreduce.proto.Piece;
import java.io.IOException;

/** Opens pieces of all kinds. Used by one thread. */
final class PieceStreams implements AutoCloseable {
  private final ZipPieces zips = new ZipPieces();

  PieceStream open(Piece piece) throws IOException {
    if (!piece.getEntry().isEmpty()) {
      return zips.open(piece);
    }
    return GzipPiece.isName(piece.getFile()) ? GzipPiece.open(piece) : FilePiece.open(piece);
  }

  @Override
  public void close() throws IOException {
    zips.close();
  }
}
