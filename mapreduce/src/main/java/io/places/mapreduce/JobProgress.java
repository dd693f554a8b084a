package io.places.mapreduce;

/**
 * How far a job is.
 *
 * @param mapsDone of {@code maps} map tasks
 * @param bytesRead of {@code bytes} of input
 * @param reducesDone of {@code reduces} reduce tasks
 */
public record JobProgress(
    int mapsDone, int maps, long bytesRead, long bytes, int reducesDone, int reduces) {}
