package io.places.mapreduce.text;

import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads text of comma-separated values: a record is the list of its fields, its key says where it begins.
 *
 * <p>As RFC 4180 has it: a field may stand in double quotes, and then contain separators, line ends, and quotes, each
 * written twice. Line ends within quotes are kept as they are. Empty lines are left out. Whatever follows a closing
 * quote but a separator or line end is refused, and so are a quote that is not closed before its file ends, and a
 * record of several lines with more than 16 Mi characters. UTF-8, paths and errors are as in {@link TextLines}.
 *
 * <p>Where a line ends within quotes can be known only from the beginning of a file, so each file is read by one task;
 * unless {@link #withoutLineEndsInFields} says that large files may be cut.
 */
public final class CsvRecords extends TextInput<Origin, List<String>> {
  private static final String SEPARATOR = "separator";
  private static final String HEADER = "header";
  private static final String CUT = "cut";

  private char separator = ',';
  private boolean header;
  private boolean cut;

  /** For workers, which configure it. Programs use {@link #of}. */
  public CsvRecords() {
    super(Border.NONE);
  }

  /** The records of the files behind these paths. */
  public static CsvRecords of(Path... paths) {
    return of(List.of(paths));
  }

  /** The records of the files behind these paths, of which there must be one or more. */
  public static CsvRecords of(List<Path> paths) {
    CsvRecords records = new CsvRecords();
    records.read(paths);
    return records;
  }

  /** With another separator than a comma: a semicolon, or a tab. */
  public CsvRecords separator(char other) {
    if (other == '"' || other == '\n' || other == '\r') {
      throw new IllegalArgumentException("fields cannot be separated by a quote or a line end");
    }
    CsvRecords changed = copy();
    changed.separator = other;
    return changed;
  }

  /** Leaves out the first record of each file, which names the fields; empty lines before it are none. */
  public CsvRecords withHeader() {
    CsvRecords changed = copy();
    changed.header = true;
    return changed;
  }

  /**
   * Cuts large files into splits at line ends. A line end within quotes is then refused, or, where a file happens to
   * be cut there, taken for the end of a record.
   */
  public CsvRecords withoutLineEndsInFields() {
    CsvRecords changed = copy();
    changed.cut = true;
    return changed;
  }

  private CsvRecords copy() {
    CsvRecords copy = new CsvRecords();
    copy.configure(parameters());
    return copy;
  }

  @Override
  public Map<String, String> parameters() {
    Map<String, String> parameters = new HashMap<>(super.parameters());
    parameters.put(SEPARATOR, Character.toString(separator));
    parameters.put(HEADER, Boolean.toString(header));
    parameters.put(CUT, Boolean.toString(cut));
    return parameters;
  }

  @Override
  public void configure(Map<String, String> parameters) {
    super.configure(parameters);
    separator = parameters.getOrDefault(SEPARATOR, ",").charAt(0);
    header = Boolean.parseBoolean(parameters.get(HEADER));
    cut = Boolean.parseBoolean(parameters.get(CUT));
  }

  @Override
  public List<Split> splits(int workers) throws IOException {
    return splits(cut ? Border.LINE : Border.NONE, workers);
  }

  @Override
  public RecordReader<Origin, List<String>> open(Split split) {
    LineReader lines =
        new LineReader(new BlockReader(split, Border.LINE, BlockReader.BLOCK_BYTES));
    return new CsvReader(lines, separator, header, cut);
  }
}
