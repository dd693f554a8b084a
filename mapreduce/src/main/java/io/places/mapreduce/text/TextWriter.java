package io.places.mapreduce.text;

import io.places.mapreduce.RecordWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes lines of key, tab and value, or of values. */
final class TextWriter implements RecordWriter<Object, Object> {
  private final OutputStream out;
  private final boolean keys;
  private long written;

  TextWriter(OutputStream out, boolean keys) {
    this.out = out;
    this.keys = keys;
  }

  @Override
  public void write(Object key, Object value) throws IOException {
    if (keys) {
      write(bytes(key));
      out.write('\t');
      written++;
    }
    write(bytes(value));
    out.write('\n');
    written++;
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
