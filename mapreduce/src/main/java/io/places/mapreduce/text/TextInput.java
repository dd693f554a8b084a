package io.places.mapreduce.text;

import io.places.mapreduce.InputFormat;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the text formats share: their paths, and how these are cut into splits. */
abstract class TextInput<K, V> implements InputFormat<K, V> {
  private static final String PATH = "path.";

  private final Border border;
  private List<Path> paths = List.of();

  /** Of a split, as the job wants it; 0 if it does not say. */
  private long splitBytes;

  TextInput(Border border) {
    this.border = border;
  }

  final void read(List<Path> newPaths) {
    if (newPaths.isEmpty()) {
      throw new IllegalArgumentException("an input needs at least one path");
    }
    paths = newPaths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
  }

  final List<Path> paths() {
    return paths;
  }

  @Override
  public Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      parameters.put(PATH + i, PathText.of(paths.get(i)));
    }
    return parameters;
  }

  @Override
  public void configure(Map<String, String> parameters) {
    List<Path> configured = new ArrayList<>();
    String path;
    while ((path = parameters.get(PATH + configured.size())) != null) {
      configured.add(PathText.path(path));
    }
    read(configured);
    splitBytes = Long.parseLong(parameters.getOrDefault(SPLIT_BYTES, "0"));
  }

  /** As the job wants it; 0 if it does not say. */
  final long splitBytes() {
    return splitBytes;
  }

  @Override
  public List<Split> splits(int workers) throws IOException {
    return splits(border, workers);
  }

  final List<Split> splits(Border at, int workers) throws IOException {
    List<InputFile> files = InputFiles.of(paths);
    return splitBytes > 0
        ? SplitPlan.ofSize(files, at, splitBytes)
        : SplitPlan.forWorkers(files, at, workers);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + paths;
  }
}
