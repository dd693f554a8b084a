package io.places.mapreduce.text;

import io.places.mapreduce.OutputCommitter;
import io.places.mapreduce.OutputFormat;
import io.places.mapreduce.OutputPart;
import io.places.mapreduce.RecordWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes each pair as a line {@code key<TAB>value}, each reducer's pairs into a file {@code
 * part-r-00000}, {@code part-r-00001} and so on of a new folder.
 *
 * <p>Keys and values are written as {@link Object#toString} gives them, in UTF-8; a {@code byte[]}
 * as it is. Nothing is escaped: a tab or line end in a key or value looks like one between them.
 *
 * <p>The folder must not exist when the job begins. While the job runs it holds only a folder
 * {@code _temporary}; the parts appear when the whole job is done. If the job fails, everything it
 * made is removed, the folder too. If the controlling process is killed, {@code _temporary} tells
 * that the job did not end.
 */
public final class TextOutput implements OutputFormat<Object, Object> {
  private static final String FOLDER = "folder";
  private static final String SUFFIX = "suffix";
  private static final String GZIP = ".gz";

  private @Nullable Path folder;
  private String suffix = "";

  /** For workers, which configure it. Programs use {@link #to}. */
  public TextOutput() {}

  /** Output into a folder that does not exist yet. */
  public static TextOutput to(Path folder) {
    TextOutput output = new TextOutput();
    output.folder = folder.toAbsolutePath().normalize();
    return output;
  }

  /** The same, packed: the parts are gzip files, named {@code part-r-00000.gz} and so on. */
  public TextOutput gzip() {
    TextOutput output = to(folder());
    output.suffix = GZIP;
    return output;
  }

  @Override
  public Map<String, String> parameters() {
    return suffix.isEmpty()
        ? Map.of(FOLDER, folder().toString())
        : Map.of(FOLDER, folder().toString(), SUFFIX, suffix);
  }

  @Override
  public void configure(Map<String, String> parameters) {
    String path = parameters.get(FOLDER);
    if (path == null) {
      throw new IllegalArgumentException("TextOutput needs the parameter '" + FOLDER + "'");
    }
    folder = Path.of(path);
    suffix = parameters.getOrDefault(SUFFIX, "");
  }

  @Override
  public OutputCommitter committer() {
    return new FolderCommitter(folder(), suffix);
  }

  @Override
  public RecordWriter<Object, Object> open(OutputPart part) throws IOException {
    return TextWriter.open(
        OutputFolder.attempt(folder(), part), part.fileName() + suffix, suffix.equals(GZIP));
  }

  @Override
  public String toString() {
    return "TextOutput[" + folder + "]";
  }

  private Path folder() {
    return Objects.requireNonNull(
        folder, "TextOutput was made without a folder: use TextOutput.to");
  }
}
