package io.places.channel;

import java.util.concurrent.atomic.AtomicReference;

/** The two kinds of thread that a place may run on. */
public enum Threads {
  VIRTUAL,
  PLATFORM;

  /** What a thread of a benchmark does. */
  interface Task {
    void run() throws Exception;
  }

  /** Runs two tasks at the same time, each on a thread of its own, to their ends. */
  void runBoth(Task first, Task second) throws InterruptedException {
    var failure = new AtomicReference<Throwable>();
    Thread one = start(first, failure);
    Thread two = start(second, failure);
    one.join();
    two.join();
    if (failure.get() != null) {
      throw new IllegalStateException("a thread of the benchmark failed", failure.get());
    }
  }

  private Thread start(Task task, AtomicReference<Throwable> failure) {
    Thread.Builder builder = this == VIRTUAL ? Thread.ofVirtual() : Thread.ofPlatform();
    return builder.start(
        () -> {
          try {
            task.run();
          } catch (Exception e) {
            failure.set(e);
          }
        });
  }
}
