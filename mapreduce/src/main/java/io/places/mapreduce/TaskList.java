package io.places.mapreduce;

import io.places.mapreduce.proto.TaskKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/*
 * A task that runs much longer than those before it is run a second time, when nothing else waits: the
 * first to finish counts. It costs a worker that has nothing to do anyway, and saves the job from one
 * slow machine. For the same reason a task whose records another worker keeps does not wait for that one
 * while it is at something as long as that; and one that failed on a worker goes there again if all on
 * which it did not are: for much longer, as long as nobody knows how long a task takes.
 */

/** The tasks of one kind of a job. Owned by the controller's thread. */
final class TaskList {
  /** A shorter task is not worth a second attempt, which has to begin from nothing. */
  private static final Duration LEAST_FOR_SECOND = Duration.ofSeconds(1);

  /** A failed task waits so long for another worker, as long as none has shown how long tasks take. */
  private static final Duration FAILED_WAITS = Duration.ofSeconds(30);

  /** How many times the mean of those done a task must have taken. */
  private static final int SLOWER = 2;

  private final TaskKind kind;
  private final List<Task> tasks = new ArrayList<>();
  private final Deque<Task> waiting = new ArrayDeque<>();
  private int done;
  private int ended;
  private long nanosOfEnded;

  TaskList(TaskKind kind, int count) {
    this.kind = kind;
    for (int number = 0; number < count; number++) {
      tasks.add(new Task(kind, number));
    }
    waiting.addAll(tasks);
  }

  Task get(int number) {
    return tasks.get(number);
  }

  List<Task> all() {
    return tasks;
  }

  int size() {
    return tasks.size();
  }

  int done() {
    return done;
  }

  boolean allDone() {
    return done == tasks.size();
  }

  boolean anyWaiting() {
    return !waiting.isEmpty();
  }

  /** Takes the next task for a worker. */
  Optional<Task> take(Member worker, List<Member> working, long now) {
    for (Iterator<Task> all = waiting.iterator(); all.hasNext(); ) {
      Task task = all.next();
      if (task.isDue(now) && suits(task, worker, working, now)) {
        all.remove();
        return Optional.of(task);
      }
    }
    return Optional.empty();
  }

  private boolean suits(Task task, Member worker, List<Member> working, long now) {
    return !task.avoids(worker, working, longestForFailed(), now)
        && (!task.belongsElsewhere(worker, working) || task.isHeldUp(longest(), now));
  }

  /** A task that an idle worker should run a second time. */
  Optional<Task> slow(Member idle, List<Member> working, long now) {
    long longest = longest();
    if (waiting.stream().anyMatch(task -> !task.avoids(idle, working, longestForFailed(), now))
        || 2 * done < tasks.size()
        || ended == 0) {
      return Optional.empty();
    }
    return tasks.stream()
        .filter(task -> !task.isDone() && task.running().size() == 1)
        .filter(task -> task.running().getFirst().worker() != idle)
        .filter(task -> now - task.running().getFirst().started() > longest)
        .findFirst();
  }

  /** For how long a task may run before others do something about it. */
  private long longest() {
    return Math.max(LEAST_FOR_SECOND.toNanos(), ended == 0 ? 0 : SLOWER * (nanosOfEnded / ended));
  }

  /** For how long a task may hold up a worker to which one that failed elsewhere could go. */
  private long longestForFailed() {
    return ended == 0 ? FAILED_WAITS.toNanos() : longest();
  }

  void win(Attempt attempt, Counters counters, long now) {
    attempt.task().win(attempt, counters);
    done++;
    ended++;
    nanosOfEnded += now - attempt.started();
  }

  /** Has a task run again whose attempt came to nothing, before those that never ran. */
  void again(Task task) {
    if (!task.isDone() && task.running().isEmpty() && !waiting.contains(task)) {
      waiting.addFirst(task);
    }
  }

  /** Has a task run again whose output is lost. */
  void undo(Task task) {
    task.undo();
    done--;
    again(task);
  }

  /** What there is to say of all tasks when they are done. */
  JobPhase phase(String name, Duration time) {
    List<Attempt> winners =
        tasks.stream().map(Task::winner).filter(Objects::nonNull).toList();
    Counters sum = counters();
    long bytes = winners.stream().mapToLong(Attempt::bytesRead).sum();
    long most = winners.stream().mapToLong(Attempt::bytesRead).max().orElse(0);
    return new JobPhase(
        name,
        tasks.size(),
        tasks.stream().mapToInt(Task::attempts).sum(),
        time,
        winners.stream().mapToLong(Attempt::recordsRead).sum(),
        kind == TaskKind.MAP ? sum.get(TaskCounter.MAP_INPUT_BYTES) : bytes, // not what was kept
        sum.get(TaskCounter.SPILLED_BYTES),
        bytes == 0 ? 1 : (double) most * winners.size() / bytes,
        winners.stream()
            .max(Comparator.comparingLong(Attempt::nanos))
            .map(
                slowest ->
                    new JobPhase.Slowest(
                        slowest.task().number(),
                        slowest.worker().nodeName(),
                        Duration.ofNanos(slowest.nanos()))));
  }

  /** What the attempts counted by which tasks were done. */
  Counters counters() {
    Counters sum = Counters.NONE;
    for (Task task : tasks) {
      sum = sum.plus(task.counters());
    }
    return sum;
  }
}
