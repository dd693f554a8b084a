package io.places.mapreduce;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reduce task: merges the runs of one partition, runs the reducer over their groups, and writes
 * a part. Where the job has a combiner, it makes one value of each group as the runs are merged.
 *
 * <p>Stops with {@link io.places.PlaceInterruptedException} soon after its thread is interrupted.
 */
final class ReduceTask<K, V, KO, VO> {
  private final ResolvedJob<?, ?, K, V, KO, VO> job;
  private final Progress progress;
  private final Reducer<K, V, KO, VO> reducer;
  private final UserCode reducerCode;
  private final @Nullable Combiner<K, V> combiner;
  private final Tally tally;

  ReduceTask(ResolvedJob<?, ?, K, V, KO, VO> job, TaskListener listener) {
    this.job = job;
    this.progress = new Progress(listener);
    this.tally = new Tally(listener);
    this.reducer = job.reducer();
    this.reducerCode = new UserCode("reducer", reducer);
    this.combiner = job.keyType().groupsByPart() ? null : job.combiner(); // it joins equal keys only
  }

  /**
   * Runs the task. To be called once.
   *
   * @param runs of this partition, from all map tasks; equal keys are read in the order of this
   *     list
   */
  Counters run(List<? extends EntryCursor> runs, OutputPart part) {
    EntryCursor pairs = new Metered(new Merge(runs), progress);
    Groups<K, V> groups = new Groups<>(pairs, job.keyType(), job.valueType(), true);
    try (PartWriters writers = new PartWriters(job.outputs(), part)) {
      var output = new OutputContext<Object, Object>(job.facts(), tally, writers);
      Pipes pipes = new Pipes(job.pipesAfter(), job.facts(), tally);
      pipes.<KO, VO>around(output, context -> reduceAll(groups, context));
      tally.add(TaskCounter.OUTPUT_BYTES, writers.bytesWritten());
    } catch (IOException e) {
      throw OutputContext.cannotWrite(part.fileName(), e);
    }
    progress.report();
    return tally.snapshot();
  }

  private void reduceAll(Groups<K, V> groups, TaskContext<KO, VO> context) {
    reducerCode.around(
        () -> reducer.setup(context),
        () -> {
          while (groups.nextGroup()) {
            reduce(groups, context);
          }
        },
        () -> reducer.cleanup(context));
    context.checkAllTaken();
    if (combiner == null) {
      tally.add(TaskCounter.REDUCE_INPUT_RECORDS, groups.valuesRead());
    } else {
      tally.add(TaskCounter.COMBINE_INPUT_RECORDS, groups.valuesRead());
    }
  }

  private void reduce(Groups<K, V> groups, TaskContext<KO, VO> context) {
    K key = groups.key();
    Values<V> values = new Values<>(key, combiner == null ? all(groups) : one(groups, combiner, key));
    try {
      reducer.reduce(key, values, context);
    } catch (Throwable e) {
      throw failure(groups, reducerCode, key, e);
    } finally {
      values.end();
    }
    Throwable hidden = groups.failure();
    if (hidden != null) { // the reducer has caught it, and knows nothing of what is missing
      throw failure(groups, reducerCode, key, hidden);
    }
    tally.add(TaskCounter.REDUCE_INPUT_GROUPS, 1);
  }

  private Iterator<V> all(Groups<K, V> groups) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return groups.hasValue();
      }

      @Override
      public V next() {
        return groups.nextValue();
      }
    };
  }

  private Iterator<V> one(Groups<K, V> groups, Combiner<K, V> by, K key) {
    try {
      V combined = job.valueType().check(groups.fold(by, key));
      tally.add(TaskCounter.COMBINE_OUTPUT_RECORDS, 1);
      tally.add(TaskCounter.REDUCE_INPUT_RECORDS, 1);
      return List.of(combined).iterator();
    } catch (OutOfMemoryError full) {
      throw full; // nobody's fault
    } catch (RuntimeException | Error e) {
      throw failure(groups, new UserCode("combiner", by), key, e);
    }
  }

  /** Reading may fail inside a call of the user's class: that is no failure of the class. */
  private RuntimeException failure(Groups<K, V> groups, UserCode code, K key, Throwable cause) {
    return groups.failure() instanceof RuntimeException reading
        ? reading
        : code.failure("on key " + Quoted.of(key), cause);
  }
}
