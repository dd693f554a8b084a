package io.places.mapreduce.text;

import io.places.mapreduce.RecordWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Writes the bytes of each key and then those of its value, with nothing between or behind them: records
 * of fixed length, for example. Folder and parts are as in {@link TextOutput}.
 */
public final class BytesOutput extends FolderOutput<byte[], byte[]> {

  /** For workers, which configure it. Programs use {@link #to}. */
  public BytesOutput() {}

  /** Output into a folder that does not exist yet. */
  public static BytesOutput to(Path folder) {
    BytesOutput output = new BytesOutput();
    output.writeTo(folder);
    return output;
  }

  /** The same, packed: the parts are gzip files, named {@code part-r-00000.gz} and so on. */
  public BytesOutput gzip() {
    BytesOutput output = to(folder());
    output.pack();
    return output;
  }

  @Override
  RecordWriter<byte[], byte[]> writer(OutputStream out) {
    return new RecordWriter<>() {
      private long written;

      @Override
      public void write(byte[] key, byte[] value) throws IOException {
        out.write(key);
        out.write(value);
        written += key.length + (long) value.length;
      }

      @Override
      public long bytesWritten() {
        return written;
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }
}
