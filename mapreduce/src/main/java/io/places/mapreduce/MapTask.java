package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;

/**
 * One map task: reads a split, runs the mapper over it, and leaves sorted runs.
 *
 * <p>Stops with {@link PlaceInterruptedException} soon after its thread is interrupted.
 */
final class MapTask<KI, VI, K, V> {
  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final TaskMemory memory;
  private final Progress progress;
  private final Tally tally = new Tally();

  MapTask(ResolvedJob<KI, VI, K, V, ?, ?> job, TaskMemory memory, TaskListener listener) {
    this.job = job;
    this.memory = memory;
    this.progress = new Progress(listener);
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
    RunSink sink = new RunSink(job.reducers(), store, tally);
    Collector<K, V> collector = job.mapSide(tally, sink, memory.collector()).collector();
    MapContext<K, V> context = new MapContext<>(job.spec(), tally, collector);
    Mapper<KI, VI, K, V> mapper = job.mapper();
    UserCode code = new UserCode("mapper", mapper);
    code.around(
        () -> mapper.setup(context),
        () -> mapAll(split, mapper, context, code),
        () -> mapper.cleanup(context));
    context.checkAllTaken();
    collector.flush();
    progress.report();
    return sink.runs();
  }

  private void mapAll(
      Split split, Mapper<KI, VI, K, V> mapper, MapContext<K, V> context, UserCode code) {
    try (RecordReader<KI, VI> reader = job.input().open(split)) {
      long bytesBefore = 0;
      while (reader.next()) {
        map(reader, mapper, context, code);
        long bytes = reader.bytesRead();
        progress.add(bytes - bytesBefore, 1);
        bytesBefore = bytes;
        tally.add(TaskCounter.MAP_INPUT_RECORDS, 1);
      }
      tally.add(TaskCounter.MAP_INPUT_BYTES, reader.bytesRead());
      progress.add(reader.bytesRead() - bytesBefore, 0);
    } catch (ClosedByInterruptException e) {
      throw new PlaceInterruptedException("the task was stopped", e);
    } catch (IOException e) {
      throw new InputException("cannot read the input: " + e, e);
    }
  }

  private void map(
      RecordReader<KI, VI> reader,
      Mapper<KI, VI, K, V> mapper,
      MapContext<K, V> context,
      UserCode code) {
    VI record = reader.value();
    try {
      mapper.map(reader.key(), record, context);
    } catch (Exception e) {
      throw code.failure(
          "on record %s (%s)".formatted(reader.position(), Quoted.of(record)), e);
    }
  }
}
