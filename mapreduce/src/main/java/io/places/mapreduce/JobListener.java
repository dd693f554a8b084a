package io.places.mapreduce;

/**
 * Hears how a job gets on. Called by the thread that runs the job, at most some ten times a second for
 * each task; it should return at once.
 */
public interface JobListener {
  /** Hears nothing. */
  JobListener NONE = progress -> {};

  void progress(JobProgress progress);
}
