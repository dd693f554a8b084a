package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import io.places.mapreduce.proto.Piece;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A whole gzip file, unpacked: of one member or of several, one behind the other. */
final class GzipPiece implements PieceStream {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Piece piece;
  private final InputStream stream;

  private GzipPiece(Piece piece, InputStream stream) {
    this.piece = piece;
    this.stream = stream;
  }

  static boolean isName(String file) {
    return file.toLowerCase(java.util.Locale.ROOT).endsWith(".gz");
  }

  static GzipPiece open(Piece piece) throws IOException {
    InputStream file;
    try {
      file = Files.newInputStream(PathText.path(piece.getFile()));
    } catch (NoSuchFileException e) {
      throw InputFiles.vanished(piece.getFile(), e);
    }
    try {
      InputStream packed = new BufferedInputStream(file, BUFFER_BYTES);
      return new GzipPiece(piece, new GZIPInputStream(packed, BUFFER_BYTES));
    } catch (ZipException | EOFException e) {
      file.close();
      throw damaged(piece, e);
    }
  }

  @Override
  public boolean knowsLength() {
    return false;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      return stream.read(into, offset, length);
    } catch (ZipException | EOFException e) {
      throw damaged(piece, e);
    }
  }

  @Override
  public void end() {}

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private static InputException damaged(Piece piece, IOException cause) {
    return new InputException(
        "the gzip file %s is damaged: %s; get it anew, or rename it if it is no gzip file"
            .formatted(piece.getFile(), cause.getMessage()),
        cause);
  }
}
