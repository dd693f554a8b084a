package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.Split;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * What is kept can always be made again, so it need not be there: it is held softly, and the JVM drops it before it
 * would run out of memory.
 */
/** The records that a worker keeps from one job for the next, by split. Safe for use by many threads. */
final class KeptSplits {

  /**
   * What was kept, and of which split. Two jobs share it if all that it was made by is the same.
   *
   * @param made the input, the pipes before, and the parameters
   */
  record Key(JobSpec made, Split split) {
    static Key of(JobSpec spec, Split split) {
      List<String> pipes = spec.getPipesList();
      JobSpec made =
          JobSpec.newBuilder()
              .setInput(spec.getInput())
              .addAllPipes(pipes.subList(0, spec.getKeptPipes()))
              .putAllParameters(spec.getParametersMap())
              .build();
      return new Key(made, split);
    }
  }

  private final Map<Key, SoftReference<List<RecordEntry>>> kept = new ConcurrentHashMap<>();

  /** The records, or null if they are not, or no longer, here. */
  @Nullable List<RecordEntry> find(Key key) {
    SoftReference<List<RecordEntry>> reference = kept.get(key);
    return reference == null ? null : reference.get();
  }

  void keep(Key key, List<RecordEntry> records) {
    kept.values().removeIf(reference -> reference.refersTo(null));
    kept.put(key, new SoftReference<>(List.copyOf(records)));
  }
}
