package io.places.mapreduce;

import java.util.Locale;

/**
 * What one attempt of one reduce task writes. Several attempts may write the same partition; one of
 * them is committed.
 *
 * @param partition the number of the reducer, from 0
 * @param attempt the number of the attempt, from 0
 */
public record OutputPart(int partition, int attempt) {

  /** The name of the finished part, such as {@code part-r-00000}. */
  public String fileName() {
    return String.format(Locale.ROOT, "part-r-%05d", partition);
  }

  /** The name of the attempt, such as {@code r-00000-0}. */
  public String attemptName() {
    return String.format(Locale.ROOT, "r-%05d-%d", partition, attempt);
  }
}
