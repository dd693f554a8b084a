package io.places.mapreduce;

import io.places.PlacesException;
import io.places.mapreduce.proto.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What one worker holds of one job. Safe for use by many threads. */
final class WorkerJob {
  private final long id;
  private final JobSpec spec;
  private final JobClasses classes;
  private final Map<Integer, MapOutput> outputs = new ConcurrentHashMap<>();
  private final Set<Thread> tasks = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  WorkerJob(long id, JobSpec spec, JobClasses classes) {
    this.id = id;
    this.spec = spec;
    this.classes = classes;
  }

  long id() {
    return id;
  }

  /** The job's code, for one task: its formats are not for several threads. */
  ResolvedJob<?, ?, ?, ?, ?, ?> resolve() {
    return ResolvedJob.of(spec, classes);
  }

  void add(int mapTask, MapOutput output) {
    outputs.put(mapTask, output);
    if (ended) {
      outputs.clear();
    }
  }

  /** All pairs of a partition that this worker's map tasks have made. */
  EntryCursor partition(int partition) {
    if (partition < 0 || partition >= spec.getReducers()) {
      throw new PlacesException(
          "job %d has partitions 0 to %d, not %d".formatted(id, spec.getReducers() - 1, partition));
    }
    List<RunReader> readers = new ArrayList<>();
    new TreeMap<>(outputs)
        .forEach(
            (task, output) -> {
              for (Run run : output.runs().get(partition)) {
                readers.add(
                    new RunReader(
                        run.source(), "of map task " + task + ", partition " + partition));
              }
            });
    return new Merge(readers);
  }

  /** Runs a task in the calling thread, so that {@link #end} can interrupt it. */
  void run(Runnable task) {
    Thread self = Thread.currentThread();
    tasks.add(self);
    try {
      if (!ended) {
        task.run();
      }
    } finally {
      tasks.remove(self);
    }
  }

  /** Stops the tasks, waits for them, and drops their output. */
  void end() {
    ended = true;
    outputs.clear();
    for (Thread task : tasks) {
      task.interrupt();
    }
    for (Thread task : tasks) {
      try {
        task.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
