package io.places.mapreduce.text;

import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads text in lines: a record is a line without its end, its key the offset of its first byte in
 * the file or zip entry.
 *
 * <p>Lines end with LF or CR LF; a last line need not end at all. They are decoded as UTF-8,
 * malformed bytes become U+FFFD; a byte order mark before the first line is left out, though the key of that
 * line is 0. A line of more than 16 MiB is refused. Paths, splits and errors
 * are as in {@link TextBlocks}.
 */
public final class TextLines extends TextInput<Long, String> {

  /** For workers, which configure it. Programs use {@link #of}. */
  public TextLines() {
    super(Border.LINE);
  }

  /** The lines of the files behind these paths. */
  public static TextLines of(Path... paths) {
    return of(List.of(paths));
  }

  /** The lines of the files behind these paths, of which there must be one or more. */
  public static TextLines of(List<Path> paths) {
    TextLines lines = new TextLines();
    lines.read(paths);
    return lines;
  }

  @Override
  public RecordReader<Long, String> open(Split split) throws IOException {
    return new LineReader(new BlockReader(split, Border.LINE, BlockReader.BLOCK_BYTES));
  }
}
