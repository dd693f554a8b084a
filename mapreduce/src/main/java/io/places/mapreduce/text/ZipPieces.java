package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import io.places.mapreduce.proto.Piece;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Opens entries of zip files. The last zip file stays open, because a split takes many entries of
 * one file, and finding the entries anew takes some milliseconds.
 */
final class ZipPieces implements AutoCloseable {
  private String file = "";
  private @Nullable ZipFile zip;

  /**
   * Opens a zip file.
   *
   * @throws InputException if it cannot be read as such, which it also cannot with any entry that
   *     is encrypted or packed by an unknown method
   */
  static ZipFile open(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (ZipException | EOFException e) {
      throw new InputException(
          "cannot read %s as a zip file, which its name says it is: %s; get the file anew if it is damaged, unpack it first if it is encrypted or packed in a way that Java does not know, rename it if it is no zip"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  PieceStream open(Piece piece) throws IOException {
    ZipFile opened;
    try {
      opened = zip(piece.getFile());
    } catch (NoSuchFileException e) {
      throw InputFiles.vanished(piece.getFile(), e);
    }
    ZipEntry entry = opened.getEntry(piece.getEntry());
    if (entry == null || entry.getSize() != piece.getLength()) {
      throw new InputException(
          "zip file %s has changed since the job began: entry %s is now %s"
              .formatted(
                  piece.getFile(),
                  piece.getEntry(),
                  entry == null ? "missing" : "of another size"));
    }
    try {
      return new ZipPiece(piece.getFile(), entry, opened.getInputStream(entry));
    } catch (ZipException | EOFException e) {
      throw ZipPiece.damaged(piece.getFile(), piece.getEntry(), String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (zip != null) {
      zip.close();
    }
  }

  private ZipFile zip(String wanted) throws IOException {
    ZipFile current = zip;
    if (current != null && file.equals(wanted)) {
      return current;
    }
    close();
    ZipFile opened = open(Path.of(wanted));
    file = wanted;
    zip = opened;
    return opened;
  }
}
