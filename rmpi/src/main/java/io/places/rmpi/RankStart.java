package io.places.rmpi;

import java.util.List;
import java.util.UUID;

/**
 * What a rank is told when it starts.
 *
 * @param job the same for all its ranks
 * @param program the class to run
 */
record RankStart(UUID job, int rank, int size, String program, List<String> arguments) {}
