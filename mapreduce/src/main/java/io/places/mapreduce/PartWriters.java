package io.places.mapreduce;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one attempt writes to: its part of the job's main output, and of each named one. */
final class PartWriters implements AutoCloseable {
  /** The main output's name, which no other has. */
  static final String MAIN = "";

  private final Map<String, RecordWriter<Object, Object>> writers = new LinkedHashMap<>();
  private final @Nullable RecordWriter<Object, Object> main;

  /** Opens all. */
  PartWriters(Map<String, OutputFormat<Object, Object>> formats, OutputPart part)
      throws IOException {
    try {
      for (var format : formats.entrySet()) {
        writers.put(format.getKey(), format.getValue().open(part));
      }
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
    main = writers.get(MAIN);
  }

  void write(String output, Object key, Object value) throws IOException {
    RecordWriter<Object, Object> writer = output.isEmpty() ? main : writers.get(output);
    if (writer == null) {
      throw new IllegalArgumentException(
          "the job has no output '%s': give it one with .alsoOutput".formatted(output));
    }
    writer.write(key, value);
  }

  long bytesWritten() {
    return writers.values().stream().mapToLong(RecordWriter::bytesWritten).sum();
  }

  @Override
  public void close() throws IOException {
    try {
      for (RecordWriter<Object, Object> writer : writers.values()) {
        writer.close();
      }
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
  }

  /** Leaves no file open, whatever happened. */
  private void closeAfter(Throwable failure) {
    for (RecordWriter<Object, Object> writer : writers.values()) {
      try {
        writer.close();
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
