package io.places.mapreduce;

import io.places.mapreduce.proto.TaskKind;

/** One attempt at one task of a job, as controller and worker call it. */
record AttemptId(TaskKind kind, int task, int attempt) {
  @Override
  public String toString() {
    return "attempt %d of %s task %d"
        .formatted(attempt + 1, kind == TaskKind.MAP ? "map" : "reduce", task);
  }
}
