package io.places.rmpi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Sums of fractions by every reduction: in another order they would be rounded to something else. */
final class Fractions {
  /** By doubling, and by halving. */
  private static final int[] COUNTS = {5, 2_100};

  /** By halving too, or around a ring if the ranks are no power of two. */
  private static final int LONG = 70_001;

  /** Among more ranks the long ones are added in no other way. */
  private static final int FEW = 5;

  private static final Duration DELAY = Duration.ofNanos(300_000);

  private final Comm comm;
  private final double[] mine;
  private final int late; // who comes to each reduction later than the others

  private Fractions(Comm comm, double[] mine, int late) {
    this.comm = comm;
    this.mine = mine;
    this.late = late;
  }

  /** What this rank has of each reduction: the same in two runs. */
  static List<Integer> hashes(Comm comm) {
    List<Integer> hashes = new ArrayList<>();
    for (int count : COUNTS) {
      hashes.addAll(ofTwoRuns(comm, count));
    }
    if (comm.size() <= FEW) {
      hashes.addAll(ofTwoRuns(comm, LONG));
    }
    return hashes;
  }

  private static List<Integer> ofTwoRuns(Comm comm, int count) {
    double[] mine = new double[count];
    Arrays.setAll(mine, i -> 1.0 / (1 + comm.rank() + i * 0.7));
    List<Integer> hashes = new Fractions(comm, mine, 0).ofOneRun();
    List<Integer> again = new Fractions(comm, mine, comm.size() - 1).ofOneRun();
    if (!again.equals(hashes)) {
      throw new IllegalStateException("%s: %d elements: %s, then %s".formatted(comm, count, hashes, again));
    }
    return hashes;
  }

  private List<Integer> ofOneRun() {
    int last = comm.size() - 1;
    double[] data = fresh();
    comm.allreduce(Slice.of(data), ArrayOp.SUM);
    int ofAll = Arrays.hashCode(data);
    if (new HashSet<>(comm.allgather(ofAll)).size() > 1) {
      throw new IllegalStateException("%s: the ranks have different sums of %d".formatted(comm, data.length));
    }
    int atFirst = reduced(0);
    if (reduced(last) != atFirst) {
      throw new IllegalStateException("%s: the sums of %d differ with the root".formatted(comm, data.length));
    }
    data = fresh();
    comm.scan(Slice.of(data), ArrayOp.SUM);
    int upToHere = Arrays.hashCode(data);
    data = fresh();
    comm.exscan(Slice.of(data), ArrayOp.SUM);
    int before = Arrays.hashCode(data);
    return List.of(ofAll, atFirst, upToHere, before, part());
  }

  private double[] fresh() {
    if (comm.rank() == late) {
      LockSupport.parkNanos(DELAY.toNanos());
    }
    return mine.clone();
  }

  /** What the root has, for all. */
  private int reduced(int root) {
    double[] data = fresh();
    comm.reduce(Slice.of(data), ArrayOp.SUM, root);
    int[] hash = {Arrays.hashCode(data)};
    comm.bcast(Slice.of(hash), root);
    return hash[0];
  }

  private int part() {
    int[] counts = new int[comm.size()];
    Arrays.setAll(counts, rank -> (mine.length + rank) / comm.size());
    double[] part = new double[counts[comm.rank()]];
    comm.reduceScatter(Slice.of(fresh()), Slice.of(part), counts, ArrayOp.SUM);
    return Arrays.hashCode(part);
  }
}
