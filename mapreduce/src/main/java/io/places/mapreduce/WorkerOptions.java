package io.places.mapreduce;

import io.places.mapreduce.proto.WorkerSettings;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the workers of a group use their machines. Immutable; the methods answer changed copies.
 *
 * @param tasksAtATime how many tasks a worker runs at a time; 0 for one in groups of several
 *     hosts, and for each worker's share of the cores on this machine
 * @param mapOutputMemory how many bytes of finished map output a worker keeps in memory, the rest goes to
 *     temporary files; negative for a quarter of its heap, but no more than 128 MiB
 * @param temporary where workers put temporary files; null for the folder that their JVMs use
 */
public record WorkerOptions(int tasksAtATime, long mapOutputMemory, @Nullable Path temporary) {

  public WorkerOptions {
    if (tasksAtATime < 0) {
      throw new IllegalArgumentException(
          "a worker runs 1 or more tasks at a time, or 0 for as many as suit; not " + tasksAtATime);
    }
    if (temporary != null && !temporary.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException(
          "temporary files go to a folder of the default file system, not to " + temporary.toUri());
    }
  }

  /** What suits most. */
  public static WorkerOptions standard() {
    return new WorkerOptions(0, -1, null);
  }

  /** Runs so many tasks at a time. */
  public WorkerOptions tasksAtATime(int tasks) {
    return new WorkerOptions(tasks, mapOutputMemory, temporary);
  }

  /** Keeps so many bytes of map output in memory, and writes the rest to files; may be 0. */
  public WorkerOptions mapOutputMemory(long bytes) {
    return new WorkerOptions(tasksAtATime, bytes, temporary);
  }

  /**
   * Puts temporary files elsewhere, by the same path on each worker: on a disk with much room, and in no
   * file system that is itself in memory. They have no names while they are used, and are gone with the
   * worker, however it ends.
   */
  public WorkerOptions temporary(Path folder) {
    return new WorkerOptions(tasksAtATime, mapOutputMemory, Objects.requireNonNull(folder, "folder"));
  }

  WorkerSettings toMessage() {
    return WorkerSettings.newBuilder()
        .setTasksAtATime(tasksAtATime)
        .setMapOutputMemory(mapOutputMemory)
        .setTemporary(temporary == null ? "" : temporary.toAbsolutePath().toString())
        .build();
  }
}
