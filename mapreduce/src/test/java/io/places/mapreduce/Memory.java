package io.places.mapreduce;

import java.nio.file.Path;

/** Memory for tasks under test. */
final class Memory {
  private Memory() {}

  /** So much that nothing is spilled. */
  static TaskMemory ample() {
    return new TaskMemory(
        new MemoryBudget(Long.MAX_VALUE), Long.MAX_VALUE, Long.MAX_VALUE, Path.of("/no/such/folder"));
  }

  /** Nothing of map output stays in memory. */
  static TaskMemory none(Path folder, long collector) {
    return new TaskMemory(new MemoryBudget(0), collector, Long.MAX_VALUE, folder);
  }
}
