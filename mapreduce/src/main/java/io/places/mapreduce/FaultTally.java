package io.places.mapreduce;

import io.places.mapreduce.proto.TaskKind;

/** Counts what goes wrong, and tells the job's listener. Owned by the controller's thread. */
final class FaultTally {
  private final JobListener listener;
  private int failedMaps;
  private int failedReduces;
  private int lostMaps;
  private int lostReduces;
  private int refetches;
  private int secondAttempts;
  private int lostWorkers;

  FaultTally(JobListener listener) {
    this.listener = listener;
  }

  void failed(Attempt attempt, String why) {
    if (attempt.task().kind() == TaskKind.MAP) {
      failedMaps++;
    } else {
      failedReduces++;
    }
    listener.setback("%s is run again: %s".formatted(attempt.task(), why));
  }

  /** Of no account, as long as the other attempt gets on. */
  void failedBesideAnother(Task task, String why) {
    listener.setback("%s failed %s; another attempt is under way".formatted(task, why));
  }

  void lostWorker(String why) {
    lostWorkers++;
    listener.setback(why);
  }

  /** A task is run again that was under way, or had its output, on a lost worker. */
  void lost(Task task, Member on) {
    if (task.kind() == TaskKind.MAP) {
      lostMaps++;
    } else {
      lostReduces++;
    }
    listener.setback(
        "%s is run again: it was lost with node %s".formatted(task, on.nodeName()));
  }

  void refetch(Task task, String why) {
    refetches++;
    listener.setback("%s begins again: %s".formatted(task, why));
  }

  void second(Attempt attempt) {
    secondAttempts++;
    listener.setback(
        "%s takes long: node %s tries it, too".formatted(attempt.task(), attempt.worker().nodeName()));
  }

  Faults faults(int excludedWorkers) {
    return new Faults(
        failedMaps,
        failedReduces,
        lostMaps,
        lostReduces,
        refetches,
        secondAttempts,
        lostWorkers,
        excludedWorkers);
  }
}
