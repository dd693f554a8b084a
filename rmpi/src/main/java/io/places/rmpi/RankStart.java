package io.places.rmpi;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What a rank is told when it starts.
 *
 * @param job the same for all its ranks
 * @param link which way messages go between JVMs
 * @param limit for each answer of another rank at the start
 * @param stats whether calls are counted
 * @param program the class to run
 */
record RankStart(
    UUID job,
    int rank,
    int size,
    LinkKind link,
    Duration limit,
    boolean stats,
    String program,
    List<String> arguments) {}
