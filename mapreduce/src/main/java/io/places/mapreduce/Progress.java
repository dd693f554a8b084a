package io.places.mapreduce;

import io.places.PlaceInterruptedException;

/**
 * Counts what a task reads, reports it in steps, and stops the task there if it was interrupted.
 */
final class Progress {
  /** A few milliseconds of work: often enough for a bar and for stopping, too rare to cost. */
  static final int STEP_BYTES = 256 << 10;

  /** The same for records of few bytes. */
  private static final int STEP_RECORDS = 1024;

  private final TaskListener listener;
  private long bytes;
  private long records;

  Progress(TaskListener listener) {
    this.listener = listener;
  }

  void add(long moreBytes, long moreRecords) {
    bytes += moreBytes;
    records += moreRecords;
    if (bytes >= STEP_BYTES || records >= STEP_RECORDS) {
      report();
    }
  }

  /**
   * Reports what was added since the last report.
   *
   * @throws PlaceInterruptedException if the thread is interrupted, which it stays
   */
  void report() {
    if (Thread.currentThread().isInterrupted()) {
      throw new PlaceInterruptedException("the task was stopped");
    }
    if (bytes > 0 || records > 0) {
      listener.read(bytes, records);
      bytes = 0;
      records = 0;
    }
  }
}
