package io.places.ndp;

import java.util.List;

/** Whether workers would make a sort by bits quicker. */
final class SortCosts {
  /** Asked for once: the system takes as long to tell as a small sort takes. */
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final List<Member> workers;
  private final int ownThreads;
  private final int theirThreads;

  SortCosts(List<Member> workers, int ownThreads, int theirThreads) {
    this.workers = workers;
    this.ownThreads = ownThreads;
    this.theirThreads = theirThreads;
  }

  /** Compares all cores of this machine with what a distributed sort would take, and notes why. */
  boolean pays(int numbers, Decisions decisions) {
    double alone = LongSort.NANOS * numbers / CORES;
    double own = ownThreads / LongSort.NANOS;
    double speed = own;
    double roundTrip = 0;
    double byteNanos = 0;
    boolean any = false;
    for (Member worker : workers) {
      if (worker.isLost()) {
        continue;
      }
      any = true;
      double nanos = 2 * Long.BYTES * worker.byteNanos();
      speed += 1 / (LongSort.NANOS / theirThreads + nanos);
      roundTrip = Math.max(roundTrip, worker.copyNanos(0));
      byteNanos = Math.max(byteNanos, worker.byteNanos());
    }
    long bytes = (long) (2.0 * Long.BYTES * numbers * (1 - own / speed));
    double copy = roundTrip + bytes * byteNanos; // all of it passes this machine's way out
    double together =
        DistributedSort.NANOS_TO_PART * numbers + Math.max(roundTrip + numbers / speed, copy);
    boolean pays = any && alone > NdpGroup.OUTWEIGHS * copy && alone > together;
    decisions.add(
        new Explanation.Decision(
            "the whole",
            pays ? "all workers" : "",
            Decisions.nanos(alone),
            bytes,
            Decisions.nanos(copy),
            any ? because(together) : "there are no workers"));
    return pays;
  }

  private static String because(double together) {
    return Double.isInfinite(together)
        ? "the way to the workers is not measured yet"
        : "that work is by all cores here; with workers it is expected to take " + Decisions.micros(together);
  }
}
