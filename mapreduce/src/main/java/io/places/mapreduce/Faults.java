package io.places.mapreduce;

/**
 * What went wrong while a job ran, and was put right. All zero if nothing did.
 *
 * <p>A job has run {@code maps + failedMaps + lostMaps} attempts of map tasks, and those of {@link
 * #secondAttempts} that were of map tasks: none more.
 *
 * @param failedMaps attempts of map tasks that failed and were run again; not one that failed while another of the same
 *     task was under way
 * @param failedReduces attempts of reduce tasks likewise
 * @param lostMaps map tasks run again because their worker was lost: it was at them, or it held output
 *     that was still needed
 * @param lostReduces reduce tasks run again because their worker was lost
 * @param refetches reduce tasks begun again because a worker whose map output they read was lost
 * @param secondAttempts map and reduce tasks together that were run on a second worker because the first one was slow
 * @param lostWorkers workers that died, fell silent, or could not be reached by others
 * @param excludedWorkers workers that got no more tasks because attempts on them kept failing
 */
public record Faults(
    int failedMaps,
    int failedReduces,
    int lostMaps,
    int lostReduces,
    int refetches,
    int secondAttempts,
    int lostWorkers,
    int excludedWorkers) {
  /** Nothing went wrong. */
  public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0);
}
