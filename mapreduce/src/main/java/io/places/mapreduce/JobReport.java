package io.places.mapreduce;

import java.time.Duration;
import java.util.List;

/**
 * What a finished job did.
 *
 * @param counters the sums over all tasks: of each task, what the attempt counted whose output was used
 * @param maps how many map tasks there were
 * @param reduces how many reduce tasks
 * @param mapTime until all map tasks were done for the first time
 * @param reduceTime from then until the last reduce task was done
 * @param faults what went wrong
 * @param phases the phases in their order: map, and reduce if there are reducers
 */
public record JobReport(
    Counters counters,
    int maps,
    int reduces,
    Duration mapTime,
    Duration reduceTime,
    Faults faults,
    List<JobPhase> phases) {

  /** A table for people: a line for each phase, and one for what went wrong, if anything did. */
  public String table() {
    return ReportTable.of(this);
  }
}
