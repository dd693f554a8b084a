package io.places.mapreduce;

import java.nio.file.Path;

/**
 * What the tasks of one worker share of its memory, and where they put what does not fit.
 *
 * @param budget for the output of map tasks that are done, and of rounds that are written
 * @param collector how many bytes a map task may gather before it writes them
 * @param folder for temporary files
 */
record TaskMemory(MemoryBudget budget, long collector, Path folder) {
  /**
   * Beyond this a worker's memory does not grow with the input, however large its heap may become. Writing map output
   * to a file and reading it again costs little beside making it.
   */
  static final long MOST_OUTPUT = 128 << 20;

  /**
   * Shares out the memory of a worker: a quarter, but no more than {@link #MOST_OUTPUT}, holds map output, an
   * eighth is for what tasks gather, the arrays of which are copied as they grow; the rest is for what is on its
   * way between workers, and for the job's classes.
   */
  static TaskMemory of(long heap, int tasksAtATime, Path folder) {
    return new TaskMemory(new MemoryBudget(Math.min(MOST_OUTPUT, heap / 4)), heap / 8 / Math.max(1, tasksAtATime), folder);
  }

  /** The same with a fixed budget for map output. */
  TaskMemory withBudget(long bytes) {
    return new TaskMemory(new MemoryBudget(bytes), collector, folder);
  }

  RunStore newStore() {
    return new RunStore(budget, folder);
  }
}
