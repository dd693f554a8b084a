package io.places.mapreduce;

import io.places.mapreduce.proto.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Runs the mapper over the first records of some splits to learn what keys there are. The splits are spread
 * evenly over the input, so that an input which is sorted already gives a fair sample, too.
 */
final class KeySample<KI, VI, K, V> {
  /** The largest of ten ranges is then hardly ever more than a tenth too large. */
  private static final int RECORDS = 10_000;

  private static final int MOST_SPLITS = 32;

  /** Of a key: more hardly ever tells two ranges apart, and all of the sample is held here. */
  private static final int MOST_BYTES = 1 << 10;

  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final List<byte[]> groups = new ArrayList<>();

  private KeySample(ResolvedJob<KI, VI, K, V, ?, ?> job) {
    this.job = job;
  }

  /** What tells the groups of the keys in the sample, encoded. */
  static List<byte[]> of(ResolvedJob<?, ?, ?, ?, ?, ?> job, List<Split> splits) {
    return new KeySample<>(job).take(splits);
  }

  private List<byte[]> take(List<Split> splits) {
    int count = Math.min(MOST_SPLITS, splits.size());
    for (int i = 0; i < count; i++) {
      Split split = splits.get((int) ((long) i * splits.size() / count));
      var mapping = new Mapping<>(job, new Tally(), new Progress(TaskListener.NONE));
      mapping.run(split, new Enough(Math.ceilDiv(RECORDS, count)), new Context());
    }
    return groups;
  }

  /** A record may be a line with one key, or a block of text with thousands. */
  private final class Enough implements BooleanSupplier {
    private final int most;
    private final int groupsBefore = groups.size();
    private int records;

    Enough(int most) {
      this.most = most;
    }

    @Override
    public boolean getAsBoolean() {
      return records++ == most || groups.size() - groupsBefore >= most;
    }
  }

  private final class Context extends TaskContext<K, V> {
    Context() {
      super(job.facts(), new Tally());
    }

    @Override
    void take(K key, V value) {
      byte[] encoded = job.keyType().encode(key);
      int length = job.keyType().groupLength(encoded, 0, encoded.length);
      groups.add(Arrays.copyOf(encoded, Math.min(length, MOST_BYTES)));
    }
  }
}
