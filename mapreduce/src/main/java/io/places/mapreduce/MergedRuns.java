package io.places.mapreduce;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/*
 * A merge holds a chunk of each run that it reads. Where there are more than it may hold, the first ones
 * are merged into one run in a file, until few enough are left. The first of these passes takes just so
 * many that all later ones, and the last merge, are full: what is written twice is kept small.
 */

/** Any number of runs, brought together within bounded memory. Used by one thread. */
final class MergedRuns implements EntryCursor, AutoCloseable {
  /** 8 MiB of chunks, each large enough that reading it costs more than finding it. */
  static final int MOST_AT_ONCE = 128;

  private final RunStore temporary;
  private final Merge merge;

  /**
   * A run and what to call it in errors.
   *
   * @param name such as "of map task 3"
   */
  record Named(Run run, String name) {
    RunReader reader(ResolvedJob<?, ?, ?, ?, ?, ?> job) {
      return new RunReader(job.isPacked(), run.source(), name);
    }
  }

  private MergedRuns(RunStore temporary, Merge merge) {
    this.temporary = temporary;
    this.merge = merge;
  }

  static MergedRuns of(List<Named> runs, ResolvedJob<?, ?, ?, ?, ?, ?> job, Path folder) {
    return of(runs, job, folder, MOST_AT_ONCE);
  }

  static MergedRuns of(
      List<Named> runs, ResolvedJob<?, ?, ?, ?, ?, ?> job, Path folder, int mostAtOnce) {
    RunStore temporary = new RunStore(new MemoryBudget(0), folder);
    try {
      Deque<Named> left = new ArrayDeque<>(runs);
      while (left.size() > mostAtOnce) {
        int count = Math.min(mostAtOnce, left.size() - mostAtOnce + 1);
        left.addLast(mergeFirst(left, count, job, temporary.file()));
      }
      return new MergedRuns(temporary, merge(left, left.size(), job));
    } catch (RuntimeException | Error e) {
      temporary.close();
      throw e;
    }
  }

  @Override
  public boolean next() {
    return merge.next();
  }

  @Override
  public Slice key() {
    return merge.key();
  }

  @Override
  public Slice value() {
    return merge.value();
  }

  /** Removes temporary files. */
  @Override
  public void close() {
    temporary.close();
  }

  private static Named mergeFirst(
      Deque<Named> runs, int count, ResolvedJob<?, ?, ?, ?, ?, ?> job, SpillFile file) {
    long at = file.length();
    RunWriter writer = new RunWriter(job.isPacked(), file::append);
    Combining.copy(merge(runs, count, job), job, writer);
    writer.finish();
    return new Named(
        new SpilledRun(file, at, writer.entries(), writer.bytes()), "of " + count + " merged runs");
  }

  private static Merge merge(
      Deque<Named> runs, int count, ResolvedJob<?, ?, ?, ?, ?, ?> job) {
    List<RunReader> readers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      readers.add(runs.removeFirst().reader(job));
    }
    return new Merge(readers);
  }
}
