package io.places.ndp;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/*
 * Each member has a range, and takes its numbers one at a time from the front, by a compare-and-set of its own that
 * nobody disputes: some nanoseconds. Who has none left takes the back half of the longest there is, down to a single
 * number: so however the work is spread, a member is idle only when each number that is left has been begun.
 *
 * Thieves are one at a time, so none sees a range that another is carrying home, and leaves too early. A range that was
 * taken from never becomes what it was before: its front only rises, and a new one has numbers that it has not had.
 */
/** Numbers from 0 on that threads share out among each other. Each thread is one of the members. */
final class Ranges {
  /** Longs from one member's range to the next: they share no line of a cache, nor its neighbour. */
  private static final int APART = 16;

  private static final long ONE = 1L << Integer.SIZE;

  private final int members;
  private final AtomicLongArray ranges; // the first number above, and the one after the last below
  private final ReentrantLock stealing = new ReentrantLock();

  Ranges(int size, int members) {
    this.members = members;
    this.ranges = new AtomicLongArray(APART * members);
    for (int i = 0; i < members; i++) {
      ranges.set(
          APART * i,
          range((int) ((long) size * i / members), (int) ((long) size * (i + 1) / members)));
    }
  }

  /** Does numbers, until there are none that nobody has begun, or all is over. */
  void share(int member, BooleanSupplier over, IntConsumer work) {
    int own = APART * member;
    while (!over.getAsBoolean()) {
      long range = ranges.get(own);
      int number = first(range);
      if (number == end(range)) {
        if (!steal(own)) {
          return;
        }
      } else if (ranges.compareAndSet(own, range, range + ONE)) {
        work.accept(number);
      }
    }
  }

  private boolean steal(int own) {
    stealing.lock();
    try {
      while (true) {
        int from = longest();
        long range = ranges.get(from);
        int length = end(range) - first(range);
        if (length == 0) {
          return false;
        }
        int middle = first(range) + length / 2;
        if (ranges.compareAndSet(from, range, range(first(range), middle))) {
          ranges.set(own, range(middle, end(range)));
          return true;
        }
      }
    } finally {
      stealing.unlock();
    }
  }

  private int longest() {
    int longest = 0;
    int length = 0;
    for (int i = 0; i < members; i++) {
      long range = ranges.get(APART * i);
      if (end(range) - first(range) > length) {
        longest = APART * i;
        length = end(range) - first(range);
      }
    }
    return longest;
  }

  private static long range(int first, int end) {
    return (long) first << Integer.SIZE | end;
  }

  private static int first(long range) {
    return (int) (range >>> Integer.SIZE);
  }

  private static int end(long range) {
    return (int) range;
  }
}
