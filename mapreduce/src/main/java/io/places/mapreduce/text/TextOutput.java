package io.places.mapreduce.text;

import io.places.mapreduce.RecordWriter;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes each pair as a line {@code key<TAB>value}, each reducer's pairs into a file {@code
 * part-r-00000}, {@code part-r-00001} and so on of a new folder.
 *
 * <p>With {@link #valuesOnly} a line is a value alone. Keys and values are written as {@link
 * Object#toString} gives them, in UTF-8; a {@code byte[]} as it is. Nothing is escaped: a tab or line end in a key or value looks like one between them.
 *
 * <p>The folder must not exist when the job begins. While the job runs it holds only a folder
 * {@code _temporary}; the parts appear when the whole job is done. If the job fails, everything it
 * made is removed, the folder too. If the controlling process is killed, {@code _temporary} tells
 * that the job did not end; of several outputs of a job, that of the main one, which is the last.
 */
public final class TextOutput extends FolderOutput<Object, Object> {
  private static final String KEYS = "keys";

  private boolean keys = true;

  /** For workers, which configure it. Programs use {@link #to}. */
  public TextOutput() {}

  /** Output into a folder that does not exist yet. */
  public static TextOutput to(Path folder) {
    TextOutput output = new TextOutput();
    output.writeTo(folder);
    return output;
  }

  /** The same, packed: the parts are gzip files, named {@code part-r-00000.gz} and so on. */
  public TextOutput gzip() {
    TextOutput output = copy();
    output.pack();
    return output;
  }

  /** The same without keys: each value is a line. */
  public TextOutput valuesOnly() {
    TextOutput output = copy();
    output.keys = false;
    return output;
  }

  private TextOutput copy() {
    TextOutput copy = new TextOutput();
    copy.configure(parameters());
    return copy;
  }

  @Override
  public Map<String, String> parameters() {
    Map<String, String> parameters = new HashMap<>(super.parameters());
    if (!keys) {
      parameters.put(KEYS, "none");
    }
    return parameters;
  }

  @Override
  public void configure(Map<String, String> parameters) {
    super.configure(parameters);
    keys = !parameters.containsKey(KEYS);
  }

  @Override
  RecordWriter<Object, Object> writer(OutputStream out) {
    return new TextWriter(out, keys);
  }
}
