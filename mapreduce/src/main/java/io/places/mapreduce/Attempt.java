package io.places.mapreduce;

/** One attempt at a task, on one worker. Owned by the controller's thread. */
final class Attempt {
  private final Task task;
  private final int number;
  private final Member worker;
  private final long started;
  private long bytesRead;
  private long recordsRead;
  private long ended;
  private boolean stopped;

  Attempt(Task task, int number, Member worker, long started) {
    this.task = task;
    this.number = number;
    this.worker = worker;
    this.started = started;
  }

  Task task() {
    return task;
  }

  int number() {
    return number;
  }

  AttemptId id() {
    return new AttemptId(task.kind(), task.number(), number);
  }

  Member worker() {
    return worker;
  }

  /** When it was handed out, on the node's clock. */
  long started() {
    return started;
  }

  void read(long bytes) {
    bytesRead += bytes;
  }

  long bytesRead() {
    return bytesRead;
  }

  /** It is done: how much it has read in all, and when that was. */
  void done(long bytes, long records, long now) {
    bytesRead = bytes;
    recordsRead = records;
    ended = now;
  }

  long recordsRead() {
    return recordsRead;
  }

  /** From when it was handed out until it was done. */
  long nanos() {
    return ended - started;
  }

  /** It was told to stop: whatever it still says does not matter, but its worker is busy until then. */
  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }
}
