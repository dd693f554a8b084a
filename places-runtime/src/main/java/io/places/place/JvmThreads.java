package io.places.place;

import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * The threads that the JDK starts for the whole JVM when somebody first needs them, such as the one behind
 * {@code CompletableFuture.orTimeout}. They come up in the group of whoever that is, and never end.
 */
final class JvmThreads {
  /** Named, since none of them is public. */
  private static final Set<String> CLASSES =
      Set.of("java.util.concurrent.DelayScheduler", "jdk.internal.misc.InnocuousThread");

  private JvmThreads() {}

  /** Whether a thread is of use beyond the code that has caused it, and so must not be ended with it. */
  static boolean isOne(Thread thread) {
    return thread instanceof ForkJoinWorkerThread worker
        ? ForkJoinPool.commonPool().equals(worker.getPool())
        : CLASSES.contains(thread.getClass().getName()) && isOfTheJdk(thread.getClass());
  }

  /** A user's class may have any name, but is in no module of the JDK. */
  private static boolean isOfTheJdk(Class<?> type) {
    return Object.class.getModule().equals(type.getModule());
  }
}
