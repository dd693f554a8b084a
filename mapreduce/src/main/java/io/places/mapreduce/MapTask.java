package io.places.mapreduce;

import io.places.mapreduce.proto.Split;
import java.util.List;

/**
 * One map task: reads a split, runs the mapper over it, and leaves sorted runs.
 *
 * <p>Stops with {@link io.places.PlaceInterruptedException} soon after its thread is interrupted.
 */
final class MapTask<KI, VI, K, V> {
  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final TaskMemory memory;
  private final Progress progress;
  private final Tally tally;

  MapTask(ResolvedJob<KI, VI, K, V, ?, ?> job, TaskMemory memory, TaskListener listener) {
    this.job = job;
    this.memory = memory;
    this.progress = new Progress(listener);
    this.tally = new Tally(listener);
  }

  /** Runs the task. To be called once. */
  MapOutput run(Split split) {
    RunStore store = memory.newStore();
    try {
      List<List<Run>> runs = run(split, store);
      return new MapOutput(runs, tally.snapshot(), store);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private List<List<Run>> run(Split split, RunStore store) {
    RunSink sink = new RunSink(job.reducers(), job.isPacked(), store, tally);
    Collector<K, V> collector = job.mapSide(tally, sink, memory.collector()).collector();
    var context = new MapContext<>(job.facts(), job.pairTypes(), tally, collector);
    new Mapping<>(job, tally, progress).run(split, context);
    collector.flush();
    progress.report();
    return sink.runs();
  }
}
