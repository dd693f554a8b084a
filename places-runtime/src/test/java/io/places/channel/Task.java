package io.places.channel;

import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Something that a test lets run on a thread of its own, and looks at. */
public final class Task<T> {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final FutureTask<T> future;
  private final Thread thread;

  private Task(Callable<T> body) {
    future = new FutureTask<>(body);
    thread = Thread.ofPlatform().daemon().start(future);
  }

  public static <T> Task<T> start(Callable<T> body) {
    return new Task<>(body);
  }

  /** As {@link #start}, and comes back when the thread waits for something. */
  public static <T> Task<T> startWaiting(Callable<T> body) {
    var task = new Task<>(body);
    long start = System.nanoTime();
    while (task.thread.getState() != Thread.State.WAITING
        && task.thread.getState() != Thread.State.TIMED_WAITING) {
      if (task.future.isDone() || System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError("the thread did not wait; it is " + task.thread.getState());
      }
      Thread.onSpinWait();
    }
    return task;
  }

  public void interrupt() {
    thread.interrupt();
  }

  public boolean isDone() {
    return future.isDone();
  }

  /** What it came to, in time. */
  public T result() throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** What it failed with, in time; null if it did not. */
  public @Nullable Throwable failure() {
    Throwable thrown = catchThrowable(this::result);
    return thrown instanceof ExecutionException ? thrown.getCause() : thrown;
  }
}
