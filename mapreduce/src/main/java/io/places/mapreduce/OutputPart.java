package io.places.mapreduce;

import java.util.Locale;

/**
 * What one attempt of one task writes: of a reduce task, or of a map task in a job without reducers.
 * Several attempts may write the same part; one of them is committed.
 *
 * @param phase {@code 'm'} or {@code 'r'}
 * @param partition the number of the task, from 0
 * @param attempt the number of the attempt, from 0
 */
public record OutputPart(char phase, int partition, int attempt) {

  /** What an attempt of a reduce task writes. */
  public OutputPart(int partition, int attempt) {
    this('r', partition, attempt);
  }

  /** The name of the finished part, such as {@code part-r-00000}. */
  public String fileName() {
    return String.format(Locale.ROOT, "part-%c-%05d", phase, partition);
  }

  /** The name of the attempt, such as {@code r-00000-0}. */
  public String attemptName() {
    return String.format(Locale.ROOT, "%c-%05d-%d", phase, partition, attempt);
  }
}
