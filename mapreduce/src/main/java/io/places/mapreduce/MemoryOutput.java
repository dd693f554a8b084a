package io.places.mapreduce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the pairs that are written, as they are then: the reducer may change them later. */
final class MemoryOutput implements OutputFormat<Object, Object> {
  /** The parameter that says which of a job's outputs this is. */
  static final String NAME = "name";

  private final Map<String, List<RecordEntry>> pairs;
  private String name = PartWriters.MAIN;

  /**
   * One output of several.
   *
   * @param pairs where they are kept, by the name of the output
   */
  MemoryOutput(Map<String, List<RecordEntry>> pairs) {
    this.pairs = pairs;
  }

  /** Where to keep pairs. */
  static Map<String, List<RecordEntry>> newPairs() {
    return new TreeMap<>();
  }

  @Override
  public void configure(Map<String, String> parameters) {
    name = parameters.getOrDefault(NAME, PartWriters.MAIN);
  }

  @Override
  public RecordWriter<Object, Object> open(OutputPart part) {
    List<RecordEntry> to = pairs.computeIfAbsent(name, output -> new ArrayList<>());
    Copies copies = new Copies();
    return new RecordWriter<>() {
      @Override
      public void write(Object key, Object value) {
        to.add(new RecordEntry(copy(copies, key), copy(copies, value)));
      }

      @Override
      public long bytesWritten() {
        return 0;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public OutputCommitter committer() {
    return new OutputCommitter() {
      @Override
      public void begin() {}

      @Override
      public void commit(Collection<OutputPart> parts) {}

      @Override
      public void abort() {}
    };
  }

  private static Object copy(Copies copies, Object of) {
    return of instanceof CharSequence text ? text.toString() : copies.of(of);
  }
}
