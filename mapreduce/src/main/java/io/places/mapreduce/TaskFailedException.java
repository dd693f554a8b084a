package io.places.mapreduce;

import io.places.PlacesException;
import io.places.mapreduce.proto.TaskFailed;
import org.jspecify.annotations.Nullable;

/**
 * A class of the job threw an exception, which is the cause. The message names the class and the
 * record or key it worked on.
 */
public class TaskFailedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public TaskFailedException(String message) {
    super(message);
  }

  public TaskFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What a worker has told, with its stack there. */
  static TaskFailedException of(TaskFailed told) {
    String prefix = TaskFailedException.class.getName() + ": "; // that of this one's own text
    String stack = told.getStack();
    return new TaskFailedException(
        stack.startsWith(prefix) ? stack.substring(prefix.length()) : stack);
  }
}
