package io.places.mapreduce.text;

import io.places.mapreduce.RecordWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/*
 * Lines are put together in an array of our own: most keys and values are short, and a call of a stream, which takes
 * a lock, would cost more than the bytes.
 */
/** Writes lines of key, tab and value, or of values. */
final class TextWriter implements RecordWriter<Object, Object> {
  private static final int GATHERED = 32 << 10;

  /** What is longer goes into the stream by itself. */
  private static final int SHORT = 4 << 10;

  private static final int DIGITS = 20;

  private final OutputStream out;
  private final boolean keys;
  private final byte[] line = new byte[GATHERED];
  private int used;

  /** Into the stream. */
  private long written;

  TextWriter(OutputStream out, boolean keys) {
    this.out = out;
    this.keys = keys;
  }

  @Override
  public void write(Object key, Object value) throws IOException {
    if (keys) {
      write(key);
      write((byte) '\t');
    }
    write(value);
    write((byte) '\n');
  }

  @Override
  public long bytesWritten() {
    return written + used;
  }

  @Override
  public void close() throws IOException {
    try (out) {
      pass();
    }
  }

  private void write(Object object) throws IOException {
    switch (object) {
      case byte[] bytes -> write(bytes);
      case Long number -> write((long) number);
      case Integer number -> write((long) number);
      default -> write(object.toString());
    }
  }

  private void write(String text) throws IOException {
    int length = text.length();
    if (length > SHORT) {
      write(text.getBytes(StandardCharsets.UTF_8));
      return;
    }
    makeRoom(length);
    int at = used;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        write(text.getBytes(StandardCharsets.UTF_8)); // over what is there of it
        return;
      }
      line[at++] = (byte) c;
    }
    used = at;
  }

  private void write(long number) throws IOException {
    if (number < 0) {
      write(Long.toString(number));
      return;
    }
    makeRoom(DIGITS);
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = used + digits - 1; at >= used; at--) {
      line[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    used += digits;
  }

  private void write(byte[] bytes) throws IOException {
    if (bytes.length > SHORT) {
      pass();
      out.write(bytes);
      written += bytes.length;
    } else {
      makeRoom(bytes.length);
      System.arraycopy(bytes, 0, line, used, bytes.length);
      used += bytes.length;
    }
  }

  private void write(byte b) throws IOException {
    makeRoom(1);
    line[used++] = b;
  }

  private void makeRoom(int more) throws IOException {
    if (line.length - used < more) {
      pass();
    }
  }

  private void pass() throws IOException {
    out.write(line, 0, used);
    written += used;
    used = 0;
  }
}
