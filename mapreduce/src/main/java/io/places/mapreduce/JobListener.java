package io.places.mapreduce;

/**
 * Hears how a job gets on. Called by the thread that runs the job; it should return at once.
 */
public interface JobListener {
  /** Hears nothing. */
  JobListener NONE = progress -> {};

  /** Called at most some ten times a second for each task. */
  void progress(JobProgress progress);

  /**
   * Called when something went wrong that the job survives: a failed attempt, a lost worker, work that is
   * done again.
   *
   * @param what a line for people, which names task and node
   */
  default void setback(String what) {}

  /**
   * Called when a task has said what it is at, by {@link Context#status}.
   *
   * @param what a line for people, which names task and node
   */
  default void status(String what) {}
}
