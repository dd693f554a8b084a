package io.places.mapreduce;

import java.time.Duration;
import java.util.Optional;

/**
 * One phase of a finished job.
 *
 * @param name "map" or "reduce"
 * @param tasks how many there were
 * @param attempts how many were begun, those that failed, were lost or came second included
 * @param time from the beginning of the phase until its last task was done
 * @param records read by the attempts that count: of the input, or of map output
 * @param bytes likewise, none of what a worker had kept; of map output they are those of the encoded keys and values. Where there is a combiner, records
 *     and bytes of the reduce phase depend on which worker ran which map task
 * @param spilledBytes of map output that went to temporary files
 * @param skew how many times the mean the task with the most bytes had, kept or read; 1 if all had the same
 * @param slowest the task whose attempt took longest; nothing if there were no tasks
 */
public record JobPhase(
    String name,
    int tasks,
    int attempts,
    Duration time,
    long records,
    long bytes,
    long spilledBytes,
    double skew,
    Optional<Slowest> slowest) {

  /**
   * The attempt that took longest, of those that count.
   *
   * @param task its number
   * @param node on which it ran
   */
  public record Slowest(int task, String node, Duration time) {}
}
