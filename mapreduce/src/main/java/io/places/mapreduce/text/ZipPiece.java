package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A whole entry of a zip file. The JDK's streams check neither the entry's size nor its checksum,
 * so that is done here.
 */
final class ZipPiece implements PieceStream {
  private final String file;
  private final ZipEntry entry;
  private final InputStream stream;
  private final CRC32 checksum = new CRC32();
  private long read;

  ZipPiece(String file, ZipEntry entry, InputStream stream) {
    this.file = file;
    this.entry = entry;
    this.stream = stream;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    int count = unpack(into, offset, length);
    if (count < 0) {
      throw damaged(
          file,
          entry.getName(),
          "it ends after %d bytes and should have %d".formatted(read, entry.getSize()),
          null);
    }
    checksum.update(into, offset, count);
    read += count;
    return count;
  }

  @Override
  public void end() {
    if (unpack(new byte[1], 0, 1) >= 0) {
      throw damaged(
          file, entry.getName(), "it goes on after its %d bytes".formatted(entry.getSize()), null);
    }
    if (checksum.getValue() != entry.getCrc()) {
      throw damaged(
          file,
          entry.getName(),
          "its checksum is %08x and should be %08x".formatted(checksum.getValue(), entry.getCrc()),
          null);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  static InputException damaged(String file, String entry, String what, @Nullable Throwable cause) {
    return new InputException(
        "entry %s of zip file %s is damaged: %s; get the file anew".formatted(entry, file, what),
        cause);
  }

  private int unpack(byte[] into, int offset, int length) {
    try {
      return stream.read(into, offset, length);
    } catch (ZipException | EOFException e) {
      throw damaged(file, entry.getName(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw InputFiles.unreadable(file, e);
    }
  }
}
