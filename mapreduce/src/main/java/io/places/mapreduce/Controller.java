package io.places.mapreduce;

import io.places.NodeLostException;
import io.places.MessageNotAllowedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.proto.TaskDone;
import io.places.mapreduce.proto.TaskFailed;
import io.places.mapreduce.proto.TaskKind;
import io.places.mapreduce.proto.TaskProgress;
import io.places.mapreduce.proto.ToWorker;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * Runs one job: map tasks to workers as these become free, largest first as the input format gave them;
 * when all are done, reduce tasks likewise; then the commit. One thread does everything: it takes what
 * the workers say from one queue, and owns the tasks, their attempts, and the crew.
 *
 * What can go wrong, and what is done:
 * - An attempt fails: the task waits for another attempt, if it can be on another worker. The fourth
 *   failure fails the job.
 * - A worker is lost: what it was at is tried elsewhere, which counts as a failed attempt, since the task
 *   may have killed it. The map tasks whose output it held are undone as long as reduce tasks need it.
 * - A reducer cannot fetch: that is the source's fault, not its own. It is begun again when the output is
 *   there; usually the news of the source's loss is on its way already. Before a
 *   source is given up, fetches of another worker must have failed, too, if there is one: it may be the reducer's that
 *   is cut off.
 * - An attempt takes long: see TaskList.
 * What an attempt says after it was told to stop, or about another job, is not heard.
 *
 * When the job itself fails, the workers are told to stop and drop what they have, then the output is
 * removed. The order matters, since a reducer that still runs writes files.
 */
/** Runs one job on a group of workers. Used by one thread. */
final class Controller {
  /** How long attempts have to stop before their output is removed. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  /** How often to look for slow tasks, when a worker has nothing else to do. */
  private static final Duration LOOK_PERIOD = Duration.ofMillis(200);

  /** After a failed fetch: by then the loss of a source that has died is known. */
  private static final Duration REFETCH_DELAY = Duration.ofMillis(500);

  /** Not by a signal, and not with 3, which means that there was no memory. */
  private static final Pattern ENDED_BY_ITSELF = Pattern.compile("ended with exit code (?!3\\b)");

  private final long id;
  private final JobSpec spec;
  private final ResolvedJob<?, ?, ?, ?, ?, ?> job;
  private final Map<String, byte[]> side;
  private final Orders orders;
  private final Crew crew;
  private final int tasksAtATime;
  private final BlockingQueue<WorkerLink.Event> events;
  private final Surroundings surroundings;
  private final JobListener listener;
  private final FaultTally faults;
  private final Homes homes;

  private List<Split> splits = List.of();
  private long bytes;
  private TaskList maps = new TaskList(TaskKind.MAP, 0);
  private TaskList reduces;
  private long started;
  private long mapped;
  private long reduced;

  /** Known when all map tasks are done. */
  private long bytesToReduce;

  Controller(
      long id,
      Job job,
      JobClasses classes,
      List<WorkerLink> workers,
      Homes homes,
      WorkerOptions options,
      BlockingQueue<WorkerLink.Event> events,
      Surroundings surroundings,
      JobListener listener) {
    this.id = id;
    this.spec = job.spec();
    this.side = job.side();
    this.job = ResolvedJob.of(spec, classes, null, new SideValues(side));
    this.orders = new Orders(id, spec, options.toMessage());
    this.crew = new Crew(workers, options.tasksAtATime());
    this.homes = homes;
    this.tasksAtATime = options.tasksAtATime();
    this.events = events;
    this.surroundings = surroundings;
    this.listener = listener;
    this.faults = new FaultTally(listener);
    this.reduces = new TaskList(TaskKind.REDUCE, spec.getReducers());
  }

  JobReport run() throws IOException {
    splits = cut();
    bytes = splits.stream().mapToLong(Split::getBytes).sum();
    maps = new TaskList(TaskKind.MAP, splits.size());
    for (Task map : maps.all()) {
      crew.of(homes.find(spec, splits.get(map.number()))).forEach(map::prefer);
    }
    OutputCommitter committer = job.committer();
    committer.begin();
    JobReport report;
    try {
      KeyRanges ranges = spec.getRanges() ? ranges() : null;
      started = now();
      mapped = started;
      crew.alive().forEach(member -> send(member, orders.begin(ranges)));
      for (Member member : crew.alive()) {
        SideValues.send(side, id, chunk -> send(member, orders.side(chunk)));
      }
      requireWorkers("all were lost before; start a new group", null);
      while (!isDone()) {
        handOut();
        takeEvent();
      }
      reduced = now();
      awaitStopped();
      report = report(); // counters may be too much together: then there is nothing to commit
      committer.commit(parts());
    } catch (RuntimeException | Error | IOException e) {
      stopWorkers();
      abort(committer, e);
      throw e;
    }
    end();
    return report;
  }

  private List<Split> cut() {
    try {
      return job.input().splits(Math.max(1, crew.alive().size()) * tasksAtATime);
    } catch (ClosedByInterruptException e) {
      throw new PlaceInterruptedException("interrupted while cutting the input of " + this, e);
    } catch (IOException e) {
      throw new InputException("%s: cannot read the input: %s".formatted(this, e), e);
    }
  }

  private KeyRanges ranges() {
    try {
      return KeyRanges.of(KeySample.of(job, splits, listener::setback), spec.getReducers());
    } catch (TaskFailedException | InputException e) {
      throw new JobFailedException(
          "%s failed: no keys were found to choose its ranges by: %s".formatted(this, e.getMessage()),
          e);
    }
  }

  /** Gives each worker with room a task, round after round, so that few tasks spread over all. */
  private void handOut() {
    for (int room = 1; room <= tasksAtATime; room++) {
      for (Member member : crew.working()) {
        if (!member.isLost() && member.load() < room) {
          next(member).ifPresent(this::order);
        }
      }
    }
  }

  private Optional<Attempt> next(Member member) {
    long now = now();
    TaskList tasks = maps.allDone() ? reduces : maps;
    Optional<Attempt> next =
        tasks.take(member, crew.working(), now).map(task -> task.start(member, now));
    if (next.isPresent() || spec.getNoSecondAttempts()) {
      return next;
    }
    Optional<Attempt> second =
        tasks.slow(member, crew.working(), now).map(task -> task.start(member, now));
    second.ifPresent(faults::second);
    return second;
  }

  private void order(Attempt attempt) {
    ToWorker order;
    try {
      order =
          attempt.task().kind() == TaskKind.MAP
              ? orders.map(attempt, splits.get(attempt.task().number()))
              : orders.reduce(attempt, maps);
    } catch (PlacesException e) { // no way from this worker to one that has map output
      lost(attempt.worker(), e);
      return;
    }
    send(attempt.worker(), order);
  }

  private void takeEvent() {
    WorkerLink.Event event;
    try {
      event = events.poll(LOOK_PERIOD.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while running " + this, e);
    }
    if (event != null) {
      crew.of(event.worker()).forEach(member -> handle(member, event.message(), event.loss()));
    }
  }

  private void handle(
      Member member, @Nullable FromWorker message, @Nullable PlacesException loss) {
    if (message == null) {
      lost(member, loss);
      return;
    }
    switch (message.getBodyCase()) {
      case PROGRESS -> progress(member, message.getProgress());
      case DONE -> done(member, message.getDone());
      case FAILED -> failed(member, message.getFailed());
      case JOB_ENDED, CHUNK, BODY_NOT_SET -> {} // the last words about an earlier job
    }
  }

  private void progress(Member member, TaskProgress message) {
    Attempt attempt =
        find(member, message.getJob(), message.getKind(), message.getTask(), message.getAttempt());
    if (attempt != null) {
      attempt.read(message.getBytes());
      if (!message.getStatus().isEmpty()) {
        listener.status(
            "%s on node %s: %s".formatted(attempt.task(), member.nodeName(), message.getStatus()));
      }
      tellListener();
    }
  }

  private void done(Member member, TaskDone message) {
    Attempt attempt =
        find(member, message.getJob(), message.getKind(), message.getTask(), message.getAttempt());
    if (attempt == null) {
      return;
    }
    Task task = attempt.task();
    task.end(attempt);
    if (attempt.isStopped()) {
      return;
    }
    attempt.done(message.getBytes(), message.getRecords(), now());
    tasks(task).win(attempt, Counters.of(message.getCounters()), now());
    if (task.kind() == TaskKind.MAP) {
      homes.mapped(spec, splits.get(task.number()), member.link());
    } else {
      sourcesOf(member).forEach(Member::forgetFailedFetches);
    }
    for (Attempt other : task.running()) {
      other.stop();
      send(other.worker(), orders.stop(other));
    }
    if (task.kind() == TaskKind.MAP && maps.allDone()) {
      mapped = mapped == started ? now() : mapped;
      bytesToReduce = bytesToReduce(maps.counters());
    }
    tellListener();
  }

  /** Those from which a reduce task on a worker fetches. */
  private Stream<Member> sourcesOf(Member reducer) {
    return maps.all().stream()
        .map(Task::winner)
        .filter(Objects::nonNull)
        .map(Attempt::worker)
        .filter(worker -> worker != reducer);
  }

  private void failed(Member member, TaskFailed message) {
    Attempt attempt =
        find(member, message.getJob(), message.getKind(), message.getTask(), message.getAttempt());
    if (attempt == null) {
      return;
    }
    attempt.task().end(attempt);
    if (attempt.isStopped()) {
      return;
    }
    if (message.getUnreachable() != 0) {
      refetch(attempt, crew.number(message.getUnreachable()), message.getMessage());
      return;
    }
    member.countFailure();
    String why = "on node %s: %s".formatted(member.nodeName(), message.getMessage());
    boolean hopeless = message.getExceptionClass().equals(WrongTypeException.class.getName());
    if (attempt.task().countFailure(member) || hopeless) {
      throw failed(attempt.task(), why, TaskFailedException.of(message));
    }
    if (attempt.task().running().isEmpty()) {
      faults.failed(attempt, why);
      tasks(attempt.task()).again(attempt.task());
    } else {
      faults.failedBesideAnother(attempt.task(), why);
    }
  }

  private void refetch(Attempt attempt, Member source, String why) {
    Task task = attempt.task();
    if (task.running().isEmpty()) {
      faults.refetch(task, why);
      task.delayUntil(now() + REFETCH_DELAY.toNanos());
      reduces.again(task);
    } else {
      faults.failedBesideAnother(
          task, "on node %s: %s".formatted(attempt.worker().nodeName(), why));
    }
    if (source.isLost()) {
      return;
    }
    long reducers = crew.working().stream().filter(worker -> worker != source).count();
    boolean givenUp = source.countFailedFetch(attempt.worker(), reducers, attempt.started(), now());
    if (source.isSuspected() && reducers > 1) {
      task.avoid(attempt.worker());
    }
    if (givenUp) {
      lost(
          source,
          new NodeLostException(
              "node %s does not give its map output to others: %d fetches failed, the last time %s"
                  .formatted(source.nodeName(), source.failedFetches(), why)));
    }
  }

  /** The worker is gone, or as good as that. */
  private void lost(Member member, @Nullable PlacesException loss) {
    if (member.isLost()) {
      return;
    }
    List<Attempt> running = member.running().stream().filter(a -> !a.isStopped()).toList();
    String why = describe(member, running, loss);
    member.lose();
    faults.lostWorker(why);
    // One that is only silent must not go on writing. Who waits for its end, waits elsewhere.
    surroundings.spawner().virtual("mapreduce-kill-" + member.nodeName(), () -> kill(member));
    requireWorkers(why, loss);
    for (Attempt attempt : running) {
      Task task = attempt.task();
      task.end(attempt);
      if (task.countFailure(member)) {
        throw failed(task, why, loss);
      }
      if (task.running().isEmpty()) {
        faults.lost(task, member);
        tasks(task).again(task);
      }
    }
    for (Task map : maps.all()) {
      if (map.isDoneBy(member) && !reduces.allDone()) { // never so without reducers
        maps.undo(map);
        faults.lost(map, member);
      }
    }
  }

  private void kill(Member member) {
    try {
      member.link().node().kill();
    } catch (RuntimeException e) {
      // It was not launched here, or cannot be reached: then nothing more can be done.
    }
  }

  private boolean isDone() {
    return maps.allDone() && reduces.allDone();
  }

  /** When all is done, the output is there, and it does not matter any more who is lost. */
  private void requireWorkers(String why, @Nullable PlacesException loss) {
    if (crew.alive().isEmpty() && !isDone()) {
      throw new JobFailedException("%s failed: no worker is left: %s".formatted(this, why), loss);
    }
  }

  private String describe(Member member, List<Attempt> running, @Nullable PlacesException loss) {
    String how = loss == null ? "no reason is known" : String.valueOf(loss.getMessage());
    boolean byItself = !running.isEmpty() && ENDED_BY_ITSELF.matcher(how).find();
    return "node %s was lost %s: %s%s"
        .formatted(
            member.nodeName(),
            running.isEmpty()
                ? "between tasks"
                : "while it ran "
                    + String.join(", ", running.stream().map(a -> describe(a.task())).toList()),
            how,
            byItself ? "; a class of the job may have ended the process, as System.exit does" : "");
  }

  private String describe(Task task) {
    return task.kind() == TaskKind.MAP
        ? "%s (%s)".formatted(task, SplitText.of(splits.get(task.number())))
        : task.toString();
  }

  private JobFailedException failed(Task task, String why, @Nullable Throwable cause) {
    return new JobFailedException(
        "%s failed: %s failed %s%s"
            .formatted(this, describe(task), times(task.failures()), why),
        cause);
  }

  private static String times(int failures) {
    return failures == 1 ? "" : failures + " times, the last time ";
  }

  private @Nullable Attempt find(Member member, long jobId, TaskKind kind, int task, int attempt) {
    if (jobId != id || member.isLost()) {
      return null;
    }
    return (kind == TaskKind.MAP ? maps : reduces).get(task).running(attempt);
  }

  private TaskList tasks(Task task) {
    return task.kind() == TaskKind.MAP ? maps : reduces;
  }

  private void tellListener() {
    long read = 0;
    for (int number = 0; number < splits.size(); number++) {
      Task task = maps.get(number);
      if (task.isDone()) {
        read += splits.get(number).getBytes();
      } else {
        read += task.running().stream().mapToLong(Attempt::bytesRead).max().orElse(0);
      }
    }
    long reduced = 0;
    for (Task task : reduces.all()) {
      Attempt winner = task.winner();
      reduced +=
          winner != null
              ? winner.bytesRead()
              : task.running().stream().mapToLong(Attempt::bytesRead).max().orElse(0);
    }
    listener.progress(
        new JobProgress(
            maps.done(),
            maps.size(),
            Math.min(read, bytes),
            bytes,
            reduces.done(),
            reduces.size(),
            Math.min(reduced, bytesToReduce),
            bytesToReduce));
  }

  private static long bytesToReduce(Counters ofMaps) {
    long emitted = ofMaps.get(TaskCounter.MAP_OUTPUT_BYTES);
    long into = ofMaps.get(TaskCounter.COMBINE_INPUT_RECORDS);
    return into == 0
        ? emitted
        : (long) ((double) emitted * ofMaps.get(TaskCounter.COMBINE_OUTPUT_RECORDS) / into);
  }

  private void send(Member member, ToWorker message) {
    if (member.isLost()) {
      return;
    }
    try {
      member.link().send(message);
    } catch (PlaceInterruptedException | MessageNotAllowedException e) {
      throw e; // it is not the worker's fault
    } catch (PlacesException e) {
      lost(member, e);
    }
  }

  /** Lets the workers forget the job. Nobody waits for that, and whatever comes of it, the output is there. */
  private void end() {
    boolean interrupted = Thread.interrupted(); // they must hear it nevertheless
    for (Member member : crew.alive()) {
      try {
        send(member, orders.end());
      } catch (RuntimeException e) {
        // The next job hears of it, if there is one.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for attempts whose output nobody wants, for as long as that is allowed to take. */
  private void awaitStopped() {
    long deadline = now() + STOP_LIMIT.toNanos();
    while (deadline - now() > 0 && crew.alive().stream().anyMatch(member -> member.load() > 0)) {
      takeEvent();
    }
  }

  /** Has the workers stop, and waits for those that still can. */
  private void stopWorkers() {
    boolean interrupted = Thread.interrupted(); // the waiting below is short, and must not be skipped
    List<WorkerLink> stopping = new ArrayList<>();
    for (Member member : crew.alive()) {
      try {
        member.link().send(orders.end());
        stopping.add(member.link());
      } catch (PlacesException e) {
        // It is lost: it writes no more.
      }
    }
    long deadline = now() + STOP_LIMIT.toNanos();
    try {
      while (!stopping.isEmpty()) {
        WorkerLink.Event event = events.poll(deadline - now(), TimeUnit.NANOSECONDS);
        if (event == null) {
          break; // what still runs then goes on, until it or its node ends: nobody hears it
        }
        if (event.message() == null || event.message().getJobEnded().getJob() == id) {
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
    for (Task task : (job.isMapOnly() ? maps : reduces).all()) {
      Attempt winner = task.winner();
      if (winner == null) {
        throw new IllegalStateException(task + " is not done, so nothing can be committed");
      }
      parts.add(new OutputPart(job.isMapOnly() ? 'm' : 'r', task.number(), winner.number()));
    }
    return parts;
  }

  private JobReport report() {
    Duration mapTime = Duration.ofNanos(mapped - started);
    Duration reduceTime = Duration.ofNanos(reduced - mapped);
    List<JobPhase> phases = new ArrayList<>();
    phases.add(maps.phase("map", mapTime));
    if (!job.isMapOnly()) {
      phases.add(reduces.phase("reduce", reduceTime));
    }
    return new JobReport(
        maps.counters().plus(reduces.counters()),
        maps.size(),
        reduces.size(),
        mapTime,
        reduceTime,
        faults.faults(crew.excluded()),
        phases);
  }

  private long now() {
    return surroundings.clock().nanoTime();
  }

  @Override
  public String toString() {
    return "job '" + spec.getName() + "'";
  }
}
