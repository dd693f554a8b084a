package io.places.mapreduce;

import io.places.mapreduce.proto.Split;
import io.places.mapreduce.text.TextLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The lines of a folder's files with a map task for each file, however small. */
final class LinesOfEachFile implements InputFormat<Long, String> {
  private static final String FOLDER = "folder";

  private final TextLines lines = new TextLines();
  private String folder = "";

  static LinesOfEachFile in(Path folder) {
    LinesOfEachFile format = new LinesOfEachFile();
    format.folder = folder.toString();
    return format;
  }

  @Override
  public Map<String, String> parameters() {
    return Map.of(FOLDER, folder);
  }

  @Override
  public void configure(Map<String, String> parameters) {
    folder = parameters.getOrDefault(FOLDER, "");
  }

  @Override
  public List<Split> splits(int workers) throws IOException {
    List<Split> splits = new ArrayList<>();
    for (String name : Parts.names(Path.of(folder))) {
      splits.addAll(TextLines.of(Path.of(folder, name)).splits(1));
    }
    return splits;
  }

  @Override
  public RecordReader<Long, String> open(Split split) throws IOException {
    return lines.open(split);
  }
}
