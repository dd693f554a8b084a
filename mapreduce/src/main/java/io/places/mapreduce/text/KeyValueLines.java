package io.places.mapreduce.text;

import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads text in lines of key, tab and value, as {@link TextOutput} writes them: the key is what comes
 * before the first tab, the value what follows. A line without a tab is a key with an empty value. All
 * else is as in {@link TextLines}.
 */
public final class KeyValueLines extends TextInput<String, String> {

  /** For workers, which configure it. Programs use {@link #of}. */
  public KeyValueLines() {
    super(Border.LINE);
  }

  /** The lines of the files behind these paths. */
  public static KeyValueLines of(Path... paths) {
    return of(List.of(paths));
  }

  /** The lines of the files behind these paths, of which there must be one or more. */
  public static KeyValueLines of(List<Path> paths) {
    KeyValueLines lines = new KeyValueLines();
    lines.read(paths);
    return lines;
  }

  @Override
  public RecordReader<String, String> open(Split split) throws IOException {
    LineReader lines =
        new LineReader(new BlockReader(split, Border.LINE, BlockReader.BLOCK_BYTES));
    return new RecordReader<>() {
      private String line = "";
      private int tab;

      @Override
      public boolean next() throws IOException {
        if (!lines.next()) {
          return false;
        }
        line = lines.value();
        tab = line.indexOf('\t');
        return true;
      }

      @Override
      public String key() {
        return tab < 0 ? line : line.substring(0, tab);
      }

      @Override
      public String value() {
        return tab < 0 ? "" : line.substring(tab + 1);
      }

      @Override
      public String position() {
        return lines.position();
      }

      @Override
      public long bytesRead() {
        return lines.bytesRead();
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }
}
