package io.places.mapreduce;

import java.util.concurrent.atomic.AtomicLong;

/** How much map output a worker may hold in memory. Safe for use by many threads. */
final class MemoryBudget {
  private final AtomicLong left;

  MemoryBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** Takes so many bytes; false if there are not so many left. */
  boolean take(long bytes) {
    return left.getAndUpdate(now -> now >= bytes ? now - bytes : now) >= bytes;
  }

  void give(long bytes) {
    left.addAndGet(bytes);
  }
}
