package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.mapreduce.proto.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/*
 * A record may be a line with one key, or a whole file with millions. Where a record has more keys than are wanted of
 * its split, each has the same chance to stay: behind the first n, the i-th takes the place of another with probability
 * n / i (Vitter, Random sampling with a reservoir, 1985, algorithm R).
 */
/**
 * Runs the mapper over the first records of some splits to learn what keys there are. The splits are spread
 * evenly over the input, so that an input which is sorted already gives a fair sample, too. If all of them fail, there
 * are as many further attempts as a task has.
 */
final class KeySample<KI, VI, K, V> {
  /** The largest of ten ranges is then hardly ever more than a tenth too large. */
  private static final int RECORDS = 10_000;

  private static final int MOST_SPLITS = 32;

  /** Of a key: more hardly ever tells two ranges apart, and all of the sample is held here. */
  private static final int MOST_BYTES = 1 << 10;

  /** Of a failure, one the cause of the other: they may go round in a circle. */
  private static final int MOST_CAUSES = 100;

  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final List<byte[]> groups = new ArrayList<>();

  private KeySample(ResolvedJob<KI, VI, K, V, ?, ?> job) {
    this.job = job;
  }

  /** What tells the groups of the keys in the sample, encoded. */
  static List<byte[]> of(ResolvedJob<?, ?, ?, ?, ?, ?> job, List<Split> splits) {
    return of(job, splits, setback -> {});
  }

  /**
   * What tells the groups of the keys in the sample, encoded.
   *
   * @param setbacks told if splits were left out
   */
  static List<byte[]> of(
      ResolvedJob<?, ?, ?, ?, ?, ?> job, List<Split> splits, Consumer<String> setbacks) {
    return new KeySample<>(job).take(splits, setbacks);
  }

  /** Leaves out splits that cannot be read or mapped now: their tasks will say so, if it stays like that. */
  private List<byte[]> take(List<Split> splits, Consumer<String> setbacks) {
    int count = Math.min(MOST_SPLITS, splits.size());
    int most = count + Task.MOST_FAILURES - 1;
    int failed = 0;
    boolean some = count == 0;
    RuntimeException last = null;
    for (int attempt = 0; attempt < count || !some; attempt++) {
      int i = attempt % count;
      Split split = splits.get((int) ((long) i * splits.size() / count));
      SplitSample sample = new SplitSample(Math.ceilDiv(RECORDS, count), i);
      try {
        new Mapping<>(job, new Tally(), new Progress(TaskListener.NONE))
            .run(split, sample, sample.context());
        groups.addAll(sample.taken);
        some = true;
      } catch (PlaceInterruptedException e) {
        throw e;
      } catch (RuntimeException e) {
        requireNotInterrupted(e);
        failed++;
        last = e;
        if (!some && failed == most) {
          throw e;
        }
      }
    }
    if (last != null) {
      setbacks.accept(
          "%d times a split could not be looked at for the ranges of keys, the last time: %s"
              .formatted(failed, last.getMessage()));
    }
    return groups;
  }

  /** What a mapper throws may hide that its thread was interrupted; what another thread met is none of that. */
  private static void requireNotInterrupted(RuntimeException failure) {
    boolean interrupted = Thread.currentThread().isInterrupted();
    Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null && !interrupted; i++) {
      interrupted = cause instanceof InterruptedException;
      boolean ofAnother = cause instanceof ExecutionException || cause instanceof CompletionException;
      cause = ofAnother ? null : cause.getCause();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while looking for the ranges of keys", failure);
    }
  }

  /** Of one split; there is enough when there were as many records as keys are wanted, or as many keys. */
  private final class SplitSample implements BooleanSupplier {
    private final int most;
    private final SplittableRandom random;
    private final List<byte[]> taken = new ArrayList<>();
    private int records;
    private long keys;

    SplitSample(int most, long seed) {
      this.most = most;
      this.random = new SplittableRandom(seed); // the same ranges each time
    }

    @Override
    public boolean getAsBoolean() {
      return records++ == most || taken.size() == most;
    }

    TaskContext<K, V> context() {
      return new TaskContext<>(job.facts(), new Tally()) {
        @Override
        void take(K key, V value) {
          keys++;
          if (taken.size() < most) {
            taken.add(group(key));
          } else {
            long place = random.nextLong(keys);
            if (place < most) {
              taken.set((int) place, group(key));
            }
          }
        }
      };
    }
  }

  private byte[] group(K key) {
    byte[] encoded = job.keyType().encode(key);
    int length = job.keyType().groupLength(encoded, 0, encoded.length);
    return Arrays.copyOf(encoded, Math.min(length, MOST_BYTES));
  }
}
