package io.places.mapreduce;

import io.places.mapreduce.proto.TaskKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One task of a job with its attempts. It is done when one attempt has won; it can be undone, when what
 * that attempt has made is lost. Owned by the controller's thread.
 */
final class Task {
  /** As many as Hadoop's: enough for a machine's bad moment, few enough to be told soon of a bug. */
  static final int MOST_FAILURES = 4;

  private final TaskKind kind;
  private final int number;
  private final List<Attempt> running = new ArrayList<>(2);
  private final Set<Member> failedOn = new HashSet<>();
  private int started;
  private int failures;
  private long notBefore;
  private @Nullable Member home;
  private @Nullable Attempt winner;
  private Counters counters = Counters.NONE;

  Task(TaskKind kind, int number) {
    this.kind = kind;
    this.number = number;
  }

  TaskKind kind() {
    return kind;
  }

  int number() {
    return number;
  }

  Attempt start(Member worker, long now) {
    Attempt attempt = new Attempt(this, started++, worker, now);
    running.add(attempt);
    worker.add(attempt);
    return attempt;
  }

  /** The attempts under way, but for those that were told to stop. */
  List<Attempt> running() {
    return running.stream().filter(attempt -> !attempt.isStopped()).toList();
  }

  @Nullable Attempt running(int attemptNumber) {
    for (Attempt attempt : running) {
      if (attempt.number() == attemptNumber) {
        return attempt;
      }
    }
    return null;
  }

  /** The attempt is over, in whatever way. */
  void end(Attempt attempt) {
    running.remove(attempt);
    attempt.worker().remove(attempt);
  }

  void win(Attempt attempt, Counters counted) {
    winner = attempt;
    counters = counted;
  }

  /** What its attempt has made is lost. */
  void undo() {
    winner = null;
    counters = Counters.NONE;
  }

  boolean isDone() {
    return winner != null;
  }

  @Nullable Attempt winner() {
    return winner;
  }

  boolean isDoneBy(Member worker) {
    return winner != null && winner.worker() == worker;
  }

  /** What the attempt counted that made the task done. */
  Counters counters() {
    return counters;
  }

  /** Answers whether that was once too often. */
  boolean countFailure(Member on) {
    failures++;
    failedOn.add(on);
    return failures >= MOST_FAILURES;
  }

  /** Has it run on another worker, if there is one; though that one is not known to be at fault. */
  void avoid(Member worker) {
    failedOn.add(worker);
  }

  int failures() {
    return failures;
  }

  /** How many attempts were begun. */
  int attempts() {
    return started;
  }

  /** Has it run on the worker that keeps its records, as long as that gets work and gets on with it. */
  void prefer(Member worker) {
    home = worker;
  }

  /** Whether another worker is to run it. */
  boolean belongsElsewhere(Member worker, List<Member> working) {
    return home != null && home != worker && working.contains(home) && !avoids(home, working);
  }

  /** Whether the worker that keeps its records has been at one attempt for longer than that. */
  boolean isHeldUp(long longest, long now) {
    return home != null
        && home.running().stream().anyMatch(attempt -> now - attempt.started() > longest);
  }

  /** Whether it failed on a worker while there are others on which it did not. */
  boolean avoids(Member worker, List<Member> others) {
    return failedOn.contains(worker) && !failedOn.containsAll(others);
  }

  /** The same, where those do not count that are held up for longer than that. */
  boolean avoids(Member worker, List<Member> others, long longest, long now) {
    return failedOn.contains(worker)
        && others.stream()
            .anyMatch(other -> !failedOn.contains(other) && !other.isHeldUp(longest, now));
  }

  void delayUntil(long time) {
    notBefore = time;
  }

  boolean isDue(long now) {
    return notBefore - now <= 0;
  }

  @Override
  public String toString() {
    return (kind == TaskKind.MAP ? "map task " : "reduce task ") + number;
  }
}
