package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import io.places.mapreduce.proto.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/** A part of a plain file. */
final class FilePiece implements PieceStream {
  private final Piece piece;
  private final SeekableByteChannel channel;

  private FilePiece(Piece piece, SeekableByteChannel channel) {
    this.piece = piece;
    this.channel = channel;
  }

  static FilePiece open(Piece piece) throws IOException {
    try {
      SeekableByteChannel channel = Files.newByteChannel(PathText.path(piece.getFile()));
      channel.position(piece.getOffset());
      return new FilePiece(piece, channel);
    } catch (NoSuchFileException e) {
      throw InputFiles.vanished(piece.getFile(), e);
    }
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = read(ByteBuffer.wrap(into, offset, length));
    if (read <= 0) {
      throw new InputException(
          "the file %s has shrunk since the job began: it ends at byte %d, and had %d or more"
              .formatted(
                  piece.getFile(), channel.position(), piece.getOffset() + piece.getLength()));
    }
    return read;
  }

  @Override
  public void end() {}

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private int read(ByteBuffer into) throws IOException {
    try {
      return channel.read(into);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw InputFiles.unreadable(piece.getFile(), e);
    }
  }
}
