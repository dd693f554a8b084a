package io.places.mapreduce.text;

import io.places.mapreduce.RecordWriter;
import io.places.message.MessageType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Writes each value as a protobuf message behind its length as a varint, as {@link DelimitedMessages} reads them; keys
 * are left out. A value must be able to travel between places by its own class: a generated protobuf message, or a
 * record. Folder and parts are as in {@link TextOutput}.
 */
public final class DelimitedOutput extends FolderOutput<Object, Object> {

  /** For workers, which configure it. Programs use {@link #to}. */
  public DelimitedOutput() {}

  /** Output into a folder that does not exist yet. */
  public static DelimitedOutput to(Path folder) {
    DelimitedOutput output = new DelimitedOutput();
    output.writeTo(folder);
    return output;
  }

  /** The same, packed: the parts are gzip files, named {@code part-r-00000.gz} and so on. */
  public DelimitedOutput gzip() {
    DelimitedOutput output = to(folder());
    output.pack();
    return output;
  }

  @Override
  RecordWriter<Object, Object> writer(OutputStream out) {
    return new RecordWriter<>() {
      private long written;

      @Override
      public void write(Object key, Object value) throws IOException {
        byte[] message = encode(MessageType.of(value.getClass()), value);
        int length = message.length;
        while (length > 0x7F) {
          out.write((length & 0x7F) | 0x80);
          length >>>= 7;
          written++;
        }
        out.write(length);
        out.write(message);
        written += message.length + 1L;
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

  private static <T> byte[] encode(MessageType<T> type, Object value) {
    return type.encode(type.cast(value));
  }
}
