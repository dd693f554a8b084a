package io.places;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kinds of interrupts that threads have not noticed yet. For the runtime: a place's interrupt sets
 * the kind, then the thread's flag; {@link PlaceInterruptedException} takes it.
 */
public final class Interrupts {
  /** By thread id; an entry lives from the interrupt until it is noticed or its thread ends. */
  private static final Map<Long, InterruptKind> PENDING = new ConcurrentHashMap<>();

  private Interrupts() {}

  /** Interrupts a thread with a kind; the stronger of two counts. */
  public static void interrupt(Thread thread, InterruptKind kind) {
    PENDING.merge(thread.threadId(), kind, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    thread.interrupt();
  }

  /** The thread has ended. */
  public static void forget(Thread thread) {
    PENDING.remove(thread.threadId());
  }

  /**
   * The kind of the calling thread's interrupt. One that came from its creator is thereby noticed and
   * clears the thread's flag; any other leaves the flag as it is.
   */
  static InterruptKind take() {
    if (PENDING.isEmpty()) {
      return InterruptKind.BREAK;
    }
    InterruptKind kind = PENDING.remove(Thread.currentThread().threadId());
    if (kind == null) {
      return InterruptKind.BREAK;
    }
    Thread.interrupted();
    return kind;
  }
}
