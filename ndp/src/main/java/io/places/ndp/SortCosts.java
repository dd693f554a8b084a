package io.places.ndp;

import java.util.List;

/** Whether workers would make a sort by bits quicker. */
final class SortCosts {
  /** Asked for once: the system takes as long to tell as a small sort takes. */
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final List<Member> workers;
  private final int ownThreads;
  private final int theirThreads;
  private final boolean onThisMachine;

  /**
   * @param onThisMachine whether the workers see a file in its memory
   */
  SortCosts(List<Member> workers, int ownThreads, int theirThreads, boolean onThisMachine) {
    this.workers = workers.stream().filter(worker -> !worker.isLost()).toList();
    this.ownThreads = ownThreads;
    this.theirThreads = theirThreads;
    this.onThisMachine = onThisMachine;
  }

  /** Compares all cores of this machine with what a distributed sort would take, and notes why. */
  boolean pays(int numbers, Decisions decisions) {
    if (workers.isEmpty()) {
      decisions.add(Explanation.Decision.stayed("the whole", "there are no workers"));
      return false;
    }
    Explanation.Decision decision = weighed(numbers, onThisMachine);
    if (!decision.went().isEmpty()
        && onThisMachine
        && !MemoryFile.hasRoom(DistributedSort.bytesInFile(numbers))) { // to ask takes as long as a small sort
      decision = weighed(numbers, false);
    }
    decisions.add(decision);
    return !decision.went().isEmpty();
  }

  private Explanation.Decision weighed(int numbers, boolean inFile) {
    double alone = LongSort.NANOS * numbers / CORES;
    double own = ownThreads / LongSort.NANOS;
    double speed = own;
    double byteNanos = 0;
    Member farthest = workers.getFirst();
    for (Member worker : workers) {
      double nanos = inFile ? MemoryFile.NANOS_PER_BYTE : worker.byteNanos();
      speed += 1 / (LongSort.NANOS / theirThreads + 2 * Long.BYTES * nanos);
      byteNanos = Math.max(byteNanos, nanos);
      farthest = worker.copyNanos(0) > farthest.copyNanos(0) ? worker : farthest;
    }
    long bytes = (long) (2.0 * Long.BYTES * numbers * (1 - own / speed));
    double copy = farthest.copyNanos(bytes, byteNanos); // all of it passes this machine's way out
    double together =
        DistributedSort.NANOS_TO_PART * numbers
            + Math.max(farthest.copyNanos(0) + numbers / speed, copy);
    boolean pays = alone > NdpGroup.OUTWEIGHS * copy && alone > together;
    return new Explanation.Decision(
        "the whole",
        pays ? "all workers" : "",
        Decisions.nanos(alone),
        1,
        bytes,
        Decisions.nanos(copy),
        farthest.way().through(byteNanos),
        because(together, inFile));
  }

  private static String because(double together, boolean inFile) {
    return Double.isInfinite(together)
        ? "the way to the workers is not measured yet"
        : "that work is by all cores here; with workers it is expected to take "
            + Decisions.micros(together)
            + (inFile ? ", through memory of this machine" : "");
  }
}
