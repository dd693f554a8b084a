package io.places.examples.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command clean up when the user stops it: a signal interrupts the thread that opened this, and
 * the JVM waits until that has closed it.
 */
final class Interruption implements AutoCloseable {
  /**
   * The user waits; what is not cleaned up by then stays. A job waits 2 s for workers that do not say that they have
   * stopped before it removes its output, and up to 4 s for their nodes before it removes its temporary files.
   */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Thread command = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "places-stop");
  private volatile boolean stopping;

  /** The thread is interrupted at once if the JVM is being stopped already. */
  Interruption() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) { // that is so
      stopping = true;
      command.interrupt();
    }
  }

  private void stop() {
    stopping = true;
    command.interrupt();
    try {
      closed.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the JVM is being stopped. */
  boolean isStopping() {
    return stopping;
  }

  @Override
  public void close() {
    closed.countDown();
    if (!stopping) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The signal came at this very moment; the hook does no harm.
      }
    }
  }

}
