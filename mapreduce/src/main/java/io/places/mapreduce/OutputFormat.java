package io.places.mapreduce;

import java.io.IOException;
import java.util.Map;

/**
 * Where a job's output goes: how one reducer's part is written, and how the parts become visible.
 *
 * <p>A format is a class with a no-argument constructor. It travels as its name and its {@link
 * #parameters}; every node makes an instance of its own and calls {@link #configure} first.
 *
 * @param <K> the keys it can write
 * @param <V> the values it can write
 */
public interface OutputFormat<K, V> {
  /** The parameter that names the folder which the format makes, if it makes one: two outputs of a job cannot share it. */
  String FOLDER = "folder";

  /** What {@link #configure} needs to make an equal format of a new instance. */
  default Map<String, String> parameters() {
    return Map.of();
  }

  /** Called once on a new instance, before anything else. */
  default void configure(Map<String, String> parameters) {}

  /** The committer of one run of a job, for the node that controls the job. */
  OutputCommitter committer();

  /**
   * Opens the place where one attempt writes its part, on the node where the attempt runs. Nothing
   * written becomes visible before the part is committed.
   */
  RecordWriter<K, V> open(OutputPart part) throws IOException;
}
