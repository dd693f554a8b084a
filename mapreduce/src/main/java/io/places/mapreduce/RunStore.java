package io.places.mapreduce;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the runs of one task are kept: in memory as long as the worker's budget lasts, else in a file of
 * the task. Written by one thread; {@link #close} may be called by any.
 */
final class RunStore implements AutoCloseable {
  private final MemoryBudget budget;
  private final Path folder;

  /** Guarded by this. */
  private long taken;

  /** Guarded by this. */
  private @Nullable SpillFile file;

  /** Guarded by this. */
  private boolean closed;

  RunStore(MemoryBudget budget, Path folder) {
    this.budget = budget;
    this.folder = folder;
  }

  /** Whether so many bytes may be held in memory; they are until this is closed. */
  synchronized boolean takeMemory(long bytes) {
    if (closed || !budget.take(bytes)) {
      return false;
    }
    taken += bytes;
    return true;
  }

  /** Gives back what was taken and not used. */
  synchronized void giveMemory(long bytes) {
    if (!closed) {
      taken -= bytes;
      budget.give(bytes);
    }
  }

  /** The file, made when it is first asked for. */
  synchronized SpillFile file() {
    if (closed) {
      throw new IllegalStateException("the task's runs were dropped");
    }
    if (file == null) {
      file = SpillFile.create(folder);
    }
    return file;
  }

  /** Drops all runs. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    budget.give(taken);
    if (file != null) {
      file.close();
    }
  }
}
