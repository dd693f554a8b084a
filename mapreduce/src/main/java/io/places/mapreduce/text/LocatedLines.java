package io.places.mapreduce.text;

import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads text in lines, as {@link TextLines} does; the key says in which file a line is, and where in it.
 */
public final class LocatedLines extends TextInput<Origin, String> {

  /** For workers, which configure it. Programs use {@link #of}. */
  public LocatedLines() {
    super(Border.LINE);
  }

  /** The lines of the files behind these paths. */
  public static LocatedLines of(Path... paths) {
    return of(List.of(paths));
  }

  /** The lines of the files behind these paths, of which there must be one or more. */
  public static LocatedLines of(List<Path> paths) {
    LocatedLines lines = new LocatedLines();
    lines.read(paths);
    return lines;
  }

  @Override
  public RecordReader<Origin, String> open(Split split) throws IOException {
    LineReader lines =
        new LineReader(new BlockReader(split, Border.LINE, BlockReader.BLOCK_BYTES));
    return new RecordReader<>() {
      @Override
      public boolean next() throws IOException {
        return lines.next();
      }

      @Override
      public Origin key() {
        return lines.origin();
      }

      @Override
      public String value() {
        return lines.value();
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
