package io.places.mapreduce;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The counters that the engine keeps for every job. They count what Hadoop's of the same name do.
 */
public enum TaskCounter {
  /** Records given to the mappers; where workers keep them, those that are kept. */
  MAP_INPUT_RECORDS("map input records"),
  /** Bytes of input read by the mappers, unpacked; none of what a worker had kept. */
  MAP_INPUT_BYTES("map input bytes"),
  /** Pairs emitted by the mappers. */
  MAP_OUTPUT_RECORDS("map output records"),
  /** Bytes of the encoded keys and values emitted by the mappers, before any combining. */
  MAP_OUTPUT_BYTES("map output bytes"),
  /**
   * Pairs that went into combiners, in map and in reduce tasks; not those that were combined where map output was sent.
   * How many are left for the reduce tasks then depends on which worker ran which map task, and so is not the same each
   * time.
   */
  COMBINE_INPUT_RECORDS("combine input records"),
  /** Pairs that came out of combiners. */
  COMBINE_OUTPUT_RECORDS("combine output records"),
  /**
   * Bytes of map output written to temporary files, because there was no room in memory. Of a job whose tasks do the
   * same each time, all counters are the same each time but this one and, where there is a combiner, {@link
   * #COMBINE_INPUT_RECORDS}.
   */
  SPILLED_BYTES("spilled bytes"),

  /** Keys given to the reducers. */
  REDUCE_INPUT_GROUPS("reduce input groups"),
  /** Values given to the reducers, or skipped by them. */
  REDUCE_INPUT_RECORDS("reduce input records"),
  /** Pairs emitted by the reducers. */
  OUTPUT_RECORDS("output records"),
  /** Bytes written to the output; where it is packed, before that. */
  OUTPUT_BYTES("output bytes");

  private static final Set<String> LABELS =
      Arrays.stream(values()).map(TaskCounter::label).collect(Collectors.toUnmodifiableSet());

  private final String label;

  TaskCounter(String label) {
    this.label = label;
  }

  /** The counter's name among all counters of the job. */
  public String label() {
    return label;
  }

  static boolean isLabel(String name) {
    return LABELS.contains(name);
  }
}
