package io.places.mapreduce;

import io.places.PlacesException;
import io.places.mapreduce.proto.BeginJob;
import io.places.mapreduce.proto.JobSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What one worker holds of one job. Safe for use by many threads. */
final class WorkerJob {
  private final long id;
  private final JobSpec spec;
  private final @Nullable KeyRanges ranges;
  private final JobClasses classes;
  private final TaskMemory memory;
  private final KeptSplits keptSplits;
  private final SideValues side = new SideValues(Map.of());
  private final Map<Integer, Kept> outputs = new ConcurrentHashMap<>();
  private final Map<AttemptId, WorkerTask> running = new ConcurrentHashMap<>();
  /** Guarded by {@link #stopping}. */
  private final Set<Thread> sending = new HashSet<>();

  /** So that what is made just when its attempt is stopped is either not kept, or dropped. */
  private final Object stopping = new Object();

  private volatile boolean ended;

  private record Kept(AttemptId by, MapOutput output) {}

  WorkerJob(BeginJob begin, JobClasses classes, TaskMemory memory, KeptSplits keptSplits) {
    this.id = begin.getJob();
    this.spec = begin.getSpec();
    this.ranges = begin.hasRanges() ? KeyRanges.of(begin.getRanges()) : null;
    this.classes = classes;
    this.memory = memory;
    this.keptSplits = keptSplits;
  }

  long id() {
    return id;
  }

  /** The job's code, for one task: its formats are not for several threads. */
  ResolvedJob<?, ?, ?, ?, ?, ?> resolve() {
    return ResolvedJob.of(spec, classes, ranges, side, keptSplits);
  }

  boolean isPacked() {
    return spec.getPacked();
  }

  boolean isMapOnly() {
    return spec.getReducers() == 0;
  }

  boolean hasCombiner() {
    return !spec.getCombiner().isEmpty();
  }

  SideValues side() {
    return side;
  }

  TaskMemory memory() {
    return memory;
  }

  /** Keeps what an attempt has made, unless it was told to stop: then another one's counts, which may be here, too. */
  void add(AttemptId by, MapOutput output) {
    synchronized (stopping) {
      WorkerTask task = running.get(by);
      if (task != null && task.isStopped()) {
        output.close();
        return;
      }
      drop(outputs.put(by.task(), new Kept(by, output)));
    }
    if (ended) {
      dropAll();
    }
  }

  /** All pairs of a partition that these map tasks have made here; to be closed. */
  MergedRuns partition(int partition, List<Integer> maps) {
    if (partition < 0 || partition >= spec.getReducers()) {
      throw new PlacesException(
          "job %d has partitions 0 to %d, not %d".formatted(id, spec.getReducers() - 1, partition));
    }
    List<MergedRuns.Named> runs = new ArrayList<>();
    for (int task : maps) {
      Kept kept = outputs.get(task);
      if (kept == null) {
        throw new PlacesException("job %d has no output of map task %d here".formatted(id, task));
      }
      for (Run run : kept.output().runs().get(partition)) {
        runs.add(new MergedRuns.Named(run, "of map task " + task + ", partition " + partition));
      }
    }
    return MergedRuns.of(runs, resolve(), memory.folder());
  }

  /** Runs an attempt in the calling thread. It can be stopped as soon as it was registered. */
  void run(WorkerTask task) {
    try {
      task.run();
    } finally {
      running.remove(task.id());
    }
  }

  /** Does something in the calling thread, which is interrupted when the job ends. */
  void whileItLasts(Runnable something) {
    Thread self = Thread.currentThread();
    synchronized (stopping) {
      if (ended) {
        throw new PlacesException("job %d has ended".formatted(id));
      }
      sending.add(self);
    }
    try {
      something.run();
    } finally {
      synchronized (stopping) {
        sending.remove(self);
      }
    }
  }

  void register(WorkerTask task) {
    running.put(task.id(), task);
    if (ended) {
      task.stop();
    }
  }

  /** Ends an attempt, or drops what it has made. */
  void stop(AttemptId attempt) {
    synchronized (stopping) {
      WorkerTask task = running.get(attempt);
      if (task != null) {
        task.stop();
      }
      Kept kept = outputs.get(attempt.task());
      if (kept != null && kept.by().equals(attempt) && outputs.remove(attempt.task(), kept)) {
        drop(kept);
      }
    }
  }

  /** Drops all output, stops the tasks and what is being sent; then waits for them, however long a class of the job ignores that. */
  void end() {
    synchronized (stopping) {
      ended = true;
      sending.forEach(Thread::interrupt);
    }
    List<WorkerTask> left = List.copyOf(running.values());
    left.forEach(WorkerTask::stop);
    dropAll(); // what is made from now on is dropped where it is added
    for (WorkerTask task : left) {
      try {
        task.awaitEnd();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void dropAll() {
    for (int task : List.copyOf(outputs.keySet())) {
      drop(outputs.remove(task));
    }
  }

  private static void drop(@Nullable Kept kept) {
    if (kept != null) {
      kept.output().close();
    }
  }
}
