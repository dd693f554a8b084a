package io.places.mapreduce;

/**
 * How far a job is.
 *
 * @param mapsDone of {@code maps} map tasks
 * @param bytesRead of {@code bytes} of input
 * @param reducesDone of {@code reduces} reduce tasks
 * @param bytesReduced of {@code bytesToReduce} of map output, encoded; with a combiner, that is an estimate,
 *     since more is combined on the way; 0 until all map tasks are done
 */
public record JobProgress(
    int mapsDone,
    int maps,
    long bytesRead,
    long bytes,
    int reducesDone,
    int reduces,
    long bytesReduced,
    long bytesToReduce) {

  /** Whether all map tasks are done, and what is left is to be reduced. */
  public boolean isReducing() {
    return mapsDone == maps && reduces > 0;
  }
}
