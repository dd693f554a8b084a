package io.places.mapreduce;

/** Hears how a task gets on, about once for each {@value Progress#STEP_BYTES} bytes it reads. */
@FunctionalInterface
interface TaskListener {
  /** Hears nothing. */
  TaskListener NONE = (bytes, records) -> {};

  /** Called by the task's thread with what was read since the last call. */
  void read(long bytes, long records);

  /** Called by the task's thread with what the user's class says it is at. */
  default void status(String text) {}
}
