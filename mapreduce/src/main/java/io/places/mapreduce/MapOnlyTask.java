package io.places.mapreduce;

import io.places.mapreduce.proto.Split;
import java.io.IOException;

/**
 * One task of a job without reducers: runs the mapper over a split, and writes a part.
 *
 * <p>Stops with {@link io.places.PlaceInterruptedException} soon after its thread is interrupted.
 */
final class MapOnlyTask<KI, VI, K, V> {
  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final Progress progress;
  private final Tally tally;

  MapOnlyTask(ResolvedJob<KI, VI, K, V, ?, ?> job, TaskListener listener) {
    this.job = job;
    this.progress = new Progress(listener);
    this.tally = new Tally(listener);
  }

  /** Runs the task. To be called once. */
  Counters run(Split split, OutputPart part) {
    try (PartWriters writers = new PartWriters(job.outputs(), part)) {
      var context = new OutputContext<K, V>(job.facts(), tally, writers);
      new Mapping<>(job, tally, progress).run(split, context);
      tally.add(TaskCounter.OUTPUT_BYTES, writers.bytesWritten());
    } catch (IOException e) {
      throw OutputContext.cannotWrite(part.fileName(), e);
    }
    progress.report();
    return tally.snapshot();
  }
}
