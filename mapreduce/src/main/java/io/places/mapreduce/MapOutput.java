package io.places.mapreduce;

import java.util.List;

/**
 * What a finished map task has made.
 *
 * @param runs by partition; each partition has none, one or several
 */
record MapOutput(List<List<Run>> runs, Counters counters) {}
