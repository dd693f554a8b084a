package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.ProtocolException;

/** Copies sorted pairs into a run; where the job has a combiner, one pair for each key. */
final class Combining {
  /** Pairs between looks at whether to stop: a millisecond's work or less. */
  private static final int STEP = 1024;

  private Combining() {}

  static <K, V> void copy(EntryCursor pairs, ResolvedJob<?, ?, K, V, ?, ?> job, RunWriter to) {
    Combiner<K, V> combiner = job.combiner();
    if (combiner == null) {
      copyAll(pairs, to);
    } else {
      combine(new Groups<>(pairs, job.keyType(), job.valueType()), combiner, job, to);
    }
  }

  private static void copyAll(EntryCursor pairs, RunWriter to) {
    for (int i = 1; pairs.next(); i++) {
      to.append(pairs.key(), pairs.value());
      checkStopped(i);
    }
  }

  private static <K, V> void combine(
      Groups<K, V> groups, Combiner<K, V> by, ResolvedJob<?, ?, K, V, ?, ?> job, RunWriter to) {
    Slice first = new Slice();
    for (int i = 1; groups.nextGroup(); i++) {
      first.set(groups.valueSlice());
      groups.skipValue();
      if (!groups.hasValue()) {
        to.append(groups.keySlice(), first); // most are alone: they are copied as they are
      } else {
        appendFolded(groups, first, by, job, to);
      }
      checkStopped(i);
    }
  }

  private static <K, V> void appendFolded(
      Groups<K, V> groups,
      Slice first,
      Combiner<K, V> by,
      ResolvedJob<?, ?, K, V, ?, ?> job,
      RunWriter to) {
    Slice key = groups.keySlice();
    if (by instanceof LongCombiner<?> ofLongs) {
      long folded;
      try {
        folded = groups.foldRest(ofLongs, first);
      } catch (RuntimeException | Error e) {
        throw blamed(groups, by, e);
      }
      to.append(key.bytes(), key.offset(), key.length(), folded);
    } else {
      V folded;
      try {
        folded = job.valueType().check(groups.foldRest(by, groups.key(), first));
      } catch (RuntimeException | Error e) {
        throw blamed(groups, by, e);
      }
      to.append(key.bytes(), key.offset(), key.length(), job.valueType().encode(folded));
    }
  }

  /**
   * What the combiner throws is told as such, and not taken for pairs that cannot be read. A heap that is full is
   * nobody's fault.
   */
  private static RuntimeException blamed(
      Groups<?, ?> groups, Combiner<?, ?> combiner, Throwable cause) {
    return switch (cause) {
      case OutOfMemoryError full -> throw full;
      case ProtocolException damaged -> damaged;
      case RuntimeException reading when groups.failure() != null -> reading;
      default ->
          new UserCode("combiner", combiner).failure("on key " + Quoted.of(groups.key()), cause);
    };
  }

  private static void checkStopped(int pairs) {
    if (pairs % STEP == 0 && Thread.currentThread().isInterrupted()) {
      throw new PlaceInterruptedException("the task was stopped");
    }
  }
}
