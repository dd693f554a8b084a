package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import io.places.mapreduce.proto.Piece;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A whole gzip file, unpacked: of one member or of several, one behind the other. */
final class GzipPiece implements PieceStream {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Piece piece;
  private final Members stream;

  private GzipPiece(Piece piece, Members stream) {
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
      return new GzipPiece(piece, new Members(new Counted(packed)));
    } catch (IOException e) {
      try (file) {
        throw unreadable(piece, e);
      }
    }
  }

  @Override
  public boolean knowsLength() {
    return false;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      int read = stream.read(into, offset, length);
      if (read < 0) {
        stream.checkEnd();
      }
      return read;
    } catch (IOException e) {
      throw unreadable(piece, e);
    }
  }

  @Override
  public void end() {}

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private static InputException unreadable(Piece piece, IOException cause)
      throws ClosedByInterruptException {
    return switch (cause) {
      case ClosedByInterruptException stopped -> throw stopped;
      case ZipException damage -> damaged(piece, damage);
      case EOFException damage -> damaged(piece, damage);
      default -> InputFiles.unreadable(piece.getFile(), cause);
    };
  }

  private static InputException damaged(Piece piece, IOException cause) {
    return new InputException(
        "the gzip file %s is damaged: %s; get it anew, or rename it if it is no gzip file"
            .formatted(piece.getFile(), cause.getMessage()),
        cause);
  }

  /*
   * The JDK's stream takes whatever follows a member, and does not begin as another one, for the end: where the second
   * member's first bytes are damaged, it leaves out the rest and says nothing. But then it has read beyond the member.
   */
  private static final class Members extends GZIPInputStream {
    /** What follows a member's data: its checksum and length. */
    private static final int TRAILER = 8;

    private final Counted packed;

    /** Where the buffer ends that the data are unpacked from. */
    private long filledTo;

    Members(Counted packed) throws IOException {
      super(packed, BUFFER_BYTES);
      this.packed = packed;
    }

    @Override
    protected void fill() throws IOException {
      super.fill();
      filledTo = packed.count;
    }

    /** To be called at the end. */
    void checkEnd() throws ZipException {
      long end = filledTo - inf.getRemaining() + TRAILER;
      if (packed.count != end) {
        throw new ZipException("what begins at byte " + end + " is no member of it");
      }
    }
  }

  /** Counts the bytes that are read. */
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
