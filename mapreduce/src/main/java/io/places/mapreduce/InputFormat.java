package io.places.mapreduce;

import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Where a job's records come from: which splits there are, and how the records of one are read.
 *
 * <p>A format is a class with a no-argument constructor. It travels as its name and its {@link
 * #parameters}; every node makes an instance of its own and calls {@link #configure} first.
 *
 * @param <K> the key of a record
 * @param <V> the record
 */
public interface InputFormat<K, V> {
  /** The parameter that says how many bytes a split should have, if the job does. */
  String SPLIT_BYTES = "split.bytes";

  /** What {@link #configure} needs to make an equal format of a new instance. */
  default Map<String, String> parameters() {
    return Map.of();
  }

  /** Called once on a new instance, before anything else. */
  default void configure(Map<String, String> parameters) {}

  /**
   * Cuts the whole input into splits, one for each map task. Called once a job, where the job is
   * controlled, before any task starts: what is wrong with the input should be found here.
   *
   * @param workers how many tasks can run at a time; several splits for each let the workers end
   *     together although some are slower
   * @throws InputException if the input is missing, unreadable or damaged
   */
  List<Split> splits(int workers) throws IOException;

  /**
   * Opens one split where its task runs. The records of all splits are the records of the input,
   * each exactly once, whatever the splits are.
   */
  RecordReader<K, V> open(Split split) throws IOException;
}
