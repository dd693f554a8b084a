package io.places.mapreduce;

import io.places.PlaceInterruptedException;

/** Calls the user's mapper or reducer and gives what it throws a message that says where. */
final class UserCode {

  /** A call that may throw anything. */
  interface Call {
    void run() throws Exception;
  }

  private final String name;

  /**
   * For one instance.
   *
   * @param role mapper or reducer
   */
  UserCode(String role, Object instance) {
    this.name = role + " " + instance.getClass().getName();
  }

  /** What a thread that only classes of the job interrupt is said to have failed with. */
  static Throwable explained(Throwable cause) {
    return cause instanceof PlaceInterruptedException
        ? new TaskFailedException(
            "a class of the job has interrupted its task, or thrown InterruptedException: " + cause.getMessage(),
            cause)
        : cause;
  }

  /** Calls setup, the body and cleanup; cleanup also after a failure. */
  void around(Call setup, Runnable body, Call cleanup) {
    try {
      call("in setup", setup);
      body.run();
    } catch (RuntimeException | Error e) {
      try {
        cleanup.run();
      } catch (Throwable inCleanup) { // also an error: it must not hide what came first
        if (!inCleanup.equals(e)) { // nothing can suppress itself
          e.addSuppressed(inCleanup);
        }
      }
      throw e;
    }
    call("in cleanup", cleanup);
  }

  /** What the task fails with when a call has thrown {@code cause}. */
  RuntimeException failure(String where, Throwable cause) {
    return switch (cause) {
      case PlaceInterruptedException stopped -> stopped;
      case OutputException notOurs -> notOurs;
      case TemporaryFileException notOurs -> notOurs;
      case CombinerFailedException ofAnotherRecord -> ofAnotherRecord;
      case WrongTypeException wrong ->
          new WrongTypeException(name + " failed " + where + ": " + wrong.getMessage(), wrong);
      case BrokenAssumption broken -> throw broken; // a JobTest's verdict
      case InterruptedException stopped -> {
        Thread.currentThread().interrupt();
        yield new PlaceInterruptedException(name + " was interrupted " + where, stopped);
      }
      case OutOfMemoryError full ->
          new TaskFailedException(
              "%s failed %s: %s".formatted(name, where, WorkerTask.memoryRanOut(full)), full);
      default -> new TaskFailedException(name + " failed " + where + ": " + cause, cause);
    };
  }

  private void call(String where, Call call) {
    try {
      call.run();
    } catch (Throwable e) {
      throw failure(where, e);
    }
  }
}
