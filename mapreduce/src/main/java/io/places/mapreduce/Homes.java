package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.Split;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Which worker keeps the records of which split, as far as that is known. Used under the lock of its group. */
final class Homes {
  /** Those that were not asked for longest are forgotten then, and their records made again anywhere. */
  private static final int MOST = 50_000;

  private final LinkedHashMap<KeptSplits.Key, WorkerLink> homes = new LinkedHashMap<>(16, 0.75f, true);

  @Nullable WorkerLink find(JobSpec spec, Split split) {
    return spec.getKeep() ? homes.get(KeptSplits.Key.of(spec, split)) : null;
  }

  /** A worker has mapped a split, and so keeps its records if the job says so. */
  void mapped(JobSpec spec, Split split, WorkerLink by) {
    if (spec.getKeep()) {
      homes.put(KeptSplits.Key.of(spec, split), by);
      if (homes.size() > MOST) {
        homes.pollFirstEntry();
      }
    }
  }

  /** Forgets those whose worker is lost. */
  void forgetLost() {
    homes.values().removeIf(WorkerLink::isLost);
  }
}
