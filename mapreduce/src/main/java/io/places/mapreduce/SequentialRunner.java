package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a whole job in the calling thread, one task after the other, through the same tasks, encoded
 * runs and commit as workers do. For tests.
 */
final class SequentialRunner {
  private static final TaskMemory MEMORY =
      TaskMemory.of(
          Runtime.getRuntime().maxMemory(), 1, Path.of(System.getProperty("java.io.tmpdir")));

  private final ResolvedJob<?, ?, ?, ?, ?, ?> job;
  private Counters counters = Counters.NONE;

  private SequentialRunner(ResolvedJob<?, ?, ?, ?, ?, ?> job) {
    this.job = job;
  }

  /** Runs a job over its own splits, made for as many workers. */
  static Counters run(JobSpec spec, JobClasses classes, int workers) throws IOException {
    return run(spec, classes, ResolvedJob.of(spec, classes).input().splits(workers));
  }

  /** Runs a job over splits that were made elsewhere. */
  static Counters run(JobSpec spec, JobClasses classes, List<Split> splits) throws IOException {
    KeyRanges ranges = null;
    if (spec.getRanges()) {
      List<byte[]> sample = KeySample.of(ResolvedJob.of(spec, classes), splits);
      ranges = KeyRanges.of(sample, spec.getReducers());
    }
    return new SequentialRunner(ResolvedJob.of(spec, classes, ranges, new SideValues(Map.of()))).run(splits);
  }

  private Counters run(List<Split> splits) throws IOException {
    OutputCommitter committer = job.committer();
    committer.begin();
    try {
      committer.commit(job.isMapOnly() ? mapOnly(splits) : reduceAll(mapAll(splits)));
    } catch (RuntimeException | Error | IOException e) {
      committer.abort();
      throw e;
    }
    return counters;
  }

  private List<OutputPart> mapOnly(List<Split> splits) {
    List<OutputPart> parts = new ArrayList<>();
    for (int task = 0; task < splits.size(); task++) {
      OutputPart part = new OutputPart('m', task, 0);
      counters = counters.plus(job.mapOnlyTask(TaskListener.NONE).run(splits.get(task), part));
      parts.add(part);
    }
    return parts;
  }

  private List<MapOutput> mapAll(List<Split> splits) {
    List<MapOutput> outputs = new ArrayList<>();
    for (Split split : splits) {
      MapOutput output = job.mapTask(MEMORY, TaskListener.NONE).run(split);
      counters = counters.plus(output.counters());
      outputs.add(output);
    }
    return outputs;
  }

  private List<OutputPart> reduceAll(List<MapOutput> outputs) {
    List<OutputPart> parts = new ArrayList<>();
    for (int partition = 0; partition < job.reducers(); partition++) {
      OutputPart part = new OutputPart(partition, 0);
      List<RunReader> runs = open(outputs, partition);
      counters = counters.plus(job.reduceTask(TaskListener.NONE).run(runs, part));
      parts.add(part);
    }
    return parts;
  }

  private List<RunReader> open(List<MapOutput> outputs, int partition) {
    List<RunReader> readers = new ArrayList<>();
    for (int map = 0; map < outputs.size(); map++) {
      for (Run run : outputs.get(map).runs().get(partition)) {
        readers.add(new RunReader(job.isPacked(), run.source(), "of map task " + map + ", partition " + partition));
      }
    }
    return readers;
  }
}
