package io.places.rmpi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Of all calls there is a hash, of the last ones the calls themselves: the one finds that ranks differ, however long
 * ago, the others say in what.
 */
/**
 * What one rank has called on one communicator. By the thread that calls its collective operations; {@link #news} and
 * {@link #call} also by others, who may see less than there is, or something newer in the place of something older.
 */
final class CallLog {
  /** A power of two. */
  private static final int KEPT = 4;

  /** 2^64 divided by the golden ratio: what goes before counts in all bits. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final int context;
  private final int[] members;
  private final int rank;
  private final @Nullable CollectiveCall[] last = new @Nullable CollectiveCall[KEPT];
  private long number;
  private long hash;

  /**
   * @param members of the communicator, as ranks of the job
   * @param rank in the communicator
   */
  CallLog(int context, int[] members, int rank) {
    this.context = context;
    this.members = members;
    this.rank = rank;
  }

  int context() {
    return context;
  }

  /** The rank calls something. */
  void add(CollectiveCall call) {
    long rootAndCount = (long) call.root() << Integer.SIZE | Integer.toUnsignedLong(call.count());
    hash =
        ((hash * FACTOR + call.operation().hashCode()) * FACTOR + call.type().hashCode()) * FACTOR
            + rootAndCount;
    number = call.number();
    last[(int) number & (KEPT - 1)] = call;
  }

  /**
   * The shares of all ranks of a communicator add up to 0 if they have called the same; else to that only by a chance of
   * 1 in 2^64. So one number tells of all communicators of a rank, also of those that are over.
   */
  long share() {
    if (number == 0) {
      return 0;
    }
    long mixed = mix((hash * FACTOR + context) * FACTOR + group());
    return rank == 0 ? mixed * (members.length - 1) : -mixed;
  }

  /** Differences of calls must not add up: the last step of MurmurHash3. */
  private static long mix(long hash) {
    long mixed = (hash ^ hash >>> 33) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ mixed >>> 33;
  }

  /** Tells communicators of the same number apart, the parts of one: no rank is in two of them. */
  private int group() {
    return members[0];
  }

  /** One of the last calls; null if it is not kept. */
  @Nullable CollectiveCall call(long of) {
    CollectiveCall call = last[(int) of & (KEPT - 1)];
    return call != null && call.number() == of ? call : null;
  }

  RankNews.Log news() {
    List<CollectiveCall> calls = new ArrayList<>();
    for (long each = Math.max(1, number - KEPT + 1); each <= number; each++) {
      CollectiveCall call = last[(int) each & (KEPT - 1)];
      if (call != null) {
        calls.add(call);
      }
    }
    return new RankNews.Log(context, group(), members.length, rank, number, hash, calls);
  }
}
