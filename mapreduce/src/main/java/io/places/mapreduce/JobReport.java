package io.places.mapreduce;

import java.time.Duration;

/**
 * What a finished job did.
 *
 * @param counters the sums over all tasks
 * @param maps how many map tasks there were
 * @param reduces how many reduce tasks
 * @param mapTime until the last map task was done
 * @param reduceTime from then until the last reduce task was done
 */
public record JobReport(
    Counters counters, int maps, int reduces, Duration mapTime, Duration reduceTime) {}
