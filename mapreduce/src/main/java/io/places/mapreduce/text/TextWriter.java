package io.places.mapreduce.text;

import io.places.mapreduce.RecordWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/** Writes lines of key, tab and value. */
final class TextWriter implements RecordWriter<Object, Object> {
  /** One system call for a few thousand lines. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;
  private long written;

  private TextWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Makes a folder and a file in it. What the folder is in must exist: an attempt that outlives its
   * job must not bring back what was removed.
   */
  static TextWriter open(Path folder, String name, boolean gzip) throws IOException {
    Files.createDirectory(folder);
    OutputStream file =
        Files.newOutputStream(
            folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    OutputStream to = gzip ? new GZIPOutputStream(file, BUFFER_BYTES) : file;
    return new TextWriter(new BufferedOutputStream(to, BUFFER_BYTES));
  }

  @Override
  public void write(Object key, Object value) throws IOException {
    write(bytes(key));
    out.write('\t');
    write(bytes(value));
    out.write('\n');
    written += 2;
  }

  @Override
  public long bytesWritten() {
    return written;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    written += bytes.length;
  }

  private static byte[] bytes(Object object) {
    return object instanceof byte[] bytes
        ? bytes
        : object.toString().getBytes(StandardCharsets.UTF_8);
  }
}
