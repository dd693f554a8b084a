package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.Split;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which worker keeps the records of which split, as far as that is known. Used under the lock of its group. */
final class Homes {
  private final Map<KeptSplits.Key, WorkerLink> homes = new HashMap<>();

  @Nullable WorkerLink find(JobSpec spec, Split split) {
    return spec.getKeep() ? homes.get(KeptSplits.Key.of(spec, split)) : null;
  }

  /** A worker has mapped a split, and so keeps its records if the job says so. */
  void mapped(JobSpec spec, Split split, WorkerLink by) {
    if (spec.getKeep()) {
      homes.put(KeptSplits.Key.of(spec, split), by);
    }
  }

  /** Forgets those whose worker is lost. */
  void forgetLost() {
    homes.values().removeIf(WorkerLink::isLost);
  }
}
