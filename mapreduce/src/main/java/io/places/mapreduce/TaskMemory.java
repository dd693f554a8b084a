package io.places.mapreduce;

import java.nio.file.Path;

/**
 * What the tasks of one worker share of its memory, and where they put what does not fit.
 *
 * @param budget for the output of map tasks that are done, and of rounds that are written
 * @param collector how many bytes a map task may gather before it writes them
 * @param unread how many bytes of others' map output may lie here for a reduce task that has not read them yet
 * @param folder for temporary files
 */
record TaskMemory(MemoryBudget budget, long collector, long unread, Path folder) {
  /**
   * Beyond this a worker's memory does not grow with the input, however large its heap may become. Writing map output
   * to a file and reading it again costs little beside making it.
   */
  static final long MOST_OUTPUT = 128 << 20;

  /** For all reduce tasks together: half of what a connection lets lie, so that one of them never stops another. */
  static final long MOST_UNREAD = 32 << 20;

  /** From one source: what a channel lets lie; more would not be sent. */
  private static final long MOST_OF_SOURCE = 8 << 20;

  /** With less, more time would go to messages than to what is in them. */
  private static final long LEAST_OF_SOURCE = 4 << 10;

  /**
   * Shares out the memory of a worker: a quarter, but no more than {@link #MOST_OUTPUT}, holds map output, an
   * eighth is for what tasks gather, the arrays of which are copied as they grow; the rest is for what is on its
   * way between workers, and for the job's classes. A node closes a connection when a quarter of its heap is full of
   * what nobody has read, and lets no more than an eighth come by one: reduce tasks use a sixteenth, so that those
   * of an earlier job that cannot be stopped have room besides.
   */
  static TaskMemory of(long heap, int tasksAtATime, Path folder) {
    int tasks = Math.max(1, tasksAtATime);
    return new TaskMemory(
        new MemoryBudget(Math.min(MOST_OUTPUT, heap / 4)),
        heap / 8 / tasks,
        Math.min(MOST_UNREAD, heap / 16) / tasks,
        folder);
  }

  /** The same with a fixed budget for map output. */
  TaskMemory withBudget(long bytes) {
    return new TaskMemory(new MemoryBudget(bytes), collector, unread, folder);
  }

  /** How much may come from each of so many sources before it is read. */
  long unreadOfEach(int sources) {
    return Math.clamp(unread / Math.max(1, sources), LEAST_OF_SOURCE, MOST_OF_SOURCE);
  }

  RunStore newStore() {
    return new RunStore(budget, folder);
  }
}
