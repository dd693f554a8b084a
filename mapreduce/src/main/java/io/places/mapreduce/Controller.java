package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.mapreduce.proto.BeginJob;
import io.places.mapreduce.proto.EndJob;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.RunMap;
import io.places.mapreduce.proto.RunReduce;
import io.places.mapreduce.proto.Source;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.proto.TaskDone;
import io.places.mapreduce.proto.TaskFailed;
import io.places.mapreduce.proto.TaskKind;
import io.places.mapreduce.proto.ToWorker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * Runs one job: map tasks to workers as these become free, largest first as the input format gave them;
 * when all are done, reduce tasks likewise; then the commit. One thread does everything: it takes what
 * the workers say from one queue.
 *
 * Anything that goes wrong ends the job at once: the workers are told to stop and drop what they have,
 * then the output is removed. The order matters, since a reducer that still runs writes files.
 */
/** Runs one job on a group of workers. Used by one thread. */
final class Controller {
  /** How long the workers have to stop before the output of a failed job is removed. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  private final long id;
  private final JobSpec spec;
  private final ResolvedJob<?, ?, ?, ?, ?, ?> job;
  private final List<WorkerLink> workers;
  private final int tasksAtATime;
  private final BlockingQueue<WorkerLink.Event> events;
  private final Surroundings surroundings;
  private final JobListener listener;

  private final Map<WorkerLink, Set<Task>> running = new HashMap<>();
  private final Set<WorkerLink> withMapOutput = new LinkedHashSet<>();
  private final Map<Integer, Long> bytesOfRunningMaps = new HashMap<>();
  private List<Split> splits = List.of();
  private Counters counters = Counters.NONE;
  private int mapsDone;
  private int reducesDone;
  private long bytesOfDoneMaps;

  private record Task(TaskKind kind, int number) {
    @Override
    public String toString() {
      return (kind == TaskKind.MAP ? "map task " : "reduce task ") + number;
    }
  }

  Controller(
      long id,
      Job job,
      JobClasses classes,
      List<WorkerLink> workers,
      int tasksAtATime,
      BlockingQueue<WorkerLink.Event> events,
      Surroundings surroundings,
      JobListener listener) {
    this.id = id;
    this.spec = job.spec();
    this.job = ResolvedJob.of(spec, classes);
    this.workers = workers;
    this.tasksAtATime = tasksAtATime;
    this.events = events;
    this.surroundings = surroundings;
    this.listener = listener;
    workers.forEach(worker -> running.put(worker, new HashSet<>()));
  }

  JobReport run() throws IOException {
    splits = job.input().splits(workers.size() * tasksAtATime);
    OutputCommitter committer = job.output().committer();
    committer.begin();
    try {
      long start = surroundings.clock().nanoTime();
      begin();
      runMaps();
      long mapped = surroundings.clock().nanoTime();
      runReduces();
      committer.commit(parts());
      end();
      long reduced = surroundings.clock().nanoTime();
      return new JobReport(
          counters,
          splits.size(),
          spec.getReducers(),
          Duration.ofNanos(mapped - start),
          Duration.ofNanos(reduced - mapped));
    } catch (RuntimeException | Error | IOException e) {
      stopWorkers();
      abort(committer, e);
      throw e;
    }
  }

  private void begin() {
    var begin = BeginJob.newBuilder().setJob(id).setSpec(spec);
    for (WorkerLink worker : workers) {
      send(worker, ToWorker.newBuilder().setBeginJob(begin).build());
    }
  }

  private void runMaps() {
    Queue<Integer> waiting = new ArrayDeque<>();
    for (int task = 0; task < splits.size(); task++) {
      waiting.add(task);
    }
    while (mapsDone < splits.size()) {
      handOut(TaskKind.MAP, waiting);
      takeEvent();
    }
  }

  private void runReduces() {
    Queue<Integer> waiting = new ArrayDeque<>();
    for (int partition = 0; partition < spec.getReducers(); partition++) {
      waiting.add(partition);
    }
    while (reducesDone < spec.getReducers()) {
      handOut(TaskKind.REDUCE, waiting);
      takeEvent();
    }
  }

  /** Gives each worker with room a task, round after round, so that few tasks spread over all. */
  private void handOut(TaskKind kind, Queue<Integer> waiting) {
    for (int room = 1; room <= tasksAtATime; room++) {
      for (WorkerLink worker : workers) {
        Set<Task> tasks = tasksOf(worker);
        if (tasks.size() < room && !waiting.isEmpty()) {
          int number = waiting.remove();
          tasks.add(new Task(kind, number));
          send(worker, kind == TaskKind.MAP ? mapOrder(number) : reduceOrder(number, worker));
        }
      }
    }
  }

  private ToWorker mapOrder(int task) {
    return ToWorker.newBuilder()
        .setRunMap(RunMap.newBuilder().setJob(id).setTask(task).setSplit(splits.get(task)))
        .build();
  }

  private ToWorker reduceOrder(int partition, WorkerLink reducer) {
    var order = RunReduce.newBuilder().setJob(id).setPartition(partition);
    for (WorkerLink worker : withMapOutput) {
      InetSocketAddress address = worker.node().addressFrom(reducer.node());
      order.addSources(
          Source.newBuilder()
              .setNode(worker.node().name())
              .setHost(address.getAddress().getHostAddress())
              .setPort(address.getPort()));
    }
    return ToWorker.newBuilder().setRunReduce(order).build();
  }

  private void takeEvent() {
    WorkerLink.Event event;
    try {
      event = events.take(); // every worker that is lost says so here
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while running " + this, e);
    }
    FromWorker message = event.message();
    if (message == null) {
      throw lost(event.worker(), event.loss());
    }
    switch (message.getBodyCase()) {
      case PROGRESS -> {
        if (message.getProgress().getJob() == id
            && message.getProgress().getKind() == TaskKind.MAP) {
          bytesOfRunningMaps.merge(
              message.getProgress().getTask(), message.getProgress().getBytes(), Long::sum);
          tellListener();
        }
      }
      case DONE -> {
        if (message.getDone().getJob() == id) {
          done(event.worker(), message.getDone());
          tellListener();
        }
      }
      case FAILED -> {
        if (message.getFailed().getJob() == id) {
          throw failed(event.worker(), message.getFailed());
        }
      }
      case JOB_ENDED, CHUNK, BODY_NOT_SET -> {} // the last words about an earlier job
    }
  }

  private void done(WorkerLink worker, TaskDone message) {
    tasksOf(worker).remove(new Task(message.getKind(), message.getTask()));
    counters = counters.plus(Counters.of(message.getCounters()));
    if (message.getKind() == TaskKind.MAP) {
      mapsDone++;
      withMapOutput.add(worker);
      bytesOfRunningMaps.remove(message.getTask());
      bytesOfDoneMaps += splits.get(message.getTask()).getBytes();
    } else {
      reducesDone++;
    }
  }

  private void tellListener() {
    long read = bytesOfDoneMaps;
    for (long bytes : bytesOfRunningMaps.values()) {
      read += bytes;
    }
    long all = splits.stream().mapToLong(Split::getBytes).sum();
    listener.progress(
        new JobProgress(
            mapsDone,
            splits.size(),
            Math.min(read, all),
            all,
            reducesDone,
            spec.getReducers()));
  }

  private JobFailedException lost(WorkerLink worker, @Nullable PlacesException loss) {
    Set<Task> tasks = tasksOf(worker);
    return new JobFailedException(
        "%s failed: node %s was lost %s: %s"
            .formatted(
                this,
                worker.node().name(),
                tasks.isEmpty() ? "between tasks" : "while it ran " + describe(tasks),
                loss == null ? "no reason is known" : loss.getMessage()),
        loss);
  }

  private String describe(Set<Task> tasks) {
    List<String> described = new ArrayList<>();
    for (Task task : tasks) {
      described.add(
          task.kind() == TaskKind.MAP
              ? task + " (" + describe(splits.get(task.number())) + ")"
              : task.toString());
    }
    return String.join(", ", described);
  }

  private static String describe(Split split) {
    if (split.getPiecesCount() == 0) {
      return "nothing";
    }
    var first = split.getPieces(0);
    String name =
        first.getEntry().isEmpty() ? first.getFile() : first.getEntry() + " in " + first.getFile();
    return split.getPiecesCount() == 1
        ? "%s from byte %d".formatted(name, first.getOffset())
        : "%s and %d more".formatted(name, split.getPiecesCount() - 1);
  }

  private JobFailedException failed(WorkerLink worker, TaskFailed failure) {
    Task task = new Task(failure.getKind(), failure.getTask());
    tasksOf(worker).remove(task);
    return new JobFailedException(
        "%s failed: %s on node %s: %s"
            .formatted(this, describe(Set.of(task)), worker.node().name(), failure.getMessage()),
        new TaskFailedException(failure.getStack()));
  }

  private void send(WorkerLink worker, ToWorker message) {
    try {
      worker.send(message);
    } catch (PlaceInterruptedException e) {
      throw e;
    } catch (PlacesException e) {
      throw lost(worker, e);
    }
  }

  /** Lets the workers drop what they hold of the job; nobody waits for that. */
  private void end() {
    for (WorkerLink worker : workers) {
      send(worker, endOrder());
    }
  }

  private ToWorker endOrder() {
    return ToWorker.newBuilder().setEndJob(EndJob.newBuilder().setJob(id)).build();
  }

  /** Has the workers stop, and waits for those that still can. */
  private void stopWorkers() {
    boolean interrupted = Thread.interrupted(); // the waiting below is short, and must not be skipped
    Set<WorkerLink> stopping = new HashSet<>();
    for (WorkerLink worker : workers) {
      try {
        worker.send(endOrder());
        stopping.add(worker);
      } catch (PlacesException e) {
        // It is lost: it writes no more.
      }
    }
    long deadline = surroundings.clock().nanoTime() + STOP_LIMIT.toNanos();
    try {
      while (!stopping.isEmpty()) {
        long left = deadline - surroundings.clock().nanoTime();
        WorkerLink.Event event = events.poll(left, TimeUnit.NANOSECONDS);
        if (event == null) {
          break; // what still runs then is ended with its node
        }
        if (event.message() == null
            || event.message().getJobEnded().getJob() == id) {
          stopping.remove(event.worker());
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void abort(OutputCommitter committer, Throwable cause) {
    try {
      committer.abort();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private List<OutputPart> parts() {
    List<OutputPart> parts = new ArrayList<>();
    for (int partition = 0; partition < spec.getReducers(); partition++) {
      parts.add(new OutputPart(partition, 0));
    }
    return parts;
  }

  private Set<Task> tasksOf(WorkerLink worker) {
    Set<Task> tasks = running.get(worker);
    if (tasks == null) {
      throw new IllegalStateException(worker + " is not of this group");
    }
    return tasks;
  }

  @Override
  public String toString() {
    return "job '" + spec.getName() + "'";
  }
}
