package io.places.rmpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/*
 * A ring of cells in memory that two processes share. A cell's stamp says in which round it was written, and
 * is written last: the reader looks at the stamp of the next cell only, so that a short message costs the two
 * processors one line that goes from one to the other. How far the reader has come it says now and then; the
 * writer looks only when by what it knows the ring is full.
 *
 * Each access to such memory is checked. So what a cell says is in words of two or three numbers, and its kind
 * comes with the stamp.
 */
/** One direction of the cells between two ranks. */
final class Cells {
  /** Context, then source. */
  static final long WHO = 8;

  /** Tag, then count. */
  static final long WHAT = 16;

  /** Ticket, then length. */
  static final long SIZE = 24;

  /** Slot, then the names of an operation and of the type in it. */
  static final long PLACE = 32;

  static final long ROOT = 40;
  static final long CALL_COUNT = 44;
  static final long NUMBER = 48;
  static final long BODY = 56;

  /** So much of a body lies in the cell itself. */
  static final int INLINE = PairMemory.CELL - (int) BODY;

  private static final int MASK = PairMemory.CELLS - 1;

  /** Cells that are read until the writer is told. */
  private static final int TELL = PairMemory.CELLS / 16;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private Cells() {}

  /** Two numbers as a word. */
  static long word(int low, int high) {
    return Integer.toUnsignedLong(low) | (long) high << Integer.SIZE;
  }

  static int low(long word) {
    return (int) word;
  }

  static int high(long word) {
    return (int) (word >>> Integer.SIZE);
  }

  private static int stamp(long index) {
    return (int) (index / PairMemory.CELLS) + 1;
  }

  /** Not safe for use by many threads. */
  static final class Writer {
    private final MemorySegment memory;
    private final long base;
    private final long consumedAt;
    private long next;
    private long limit = PairMemory.CELLS;

    Writer(PairMemory of) {
      memory = of.memory();
      base = of.cellsAt(of.side());
      consumedAt = of.consumedAt(1 - of.side());
    }

    boolean isFull() {
      if (next < limit) {
        return false;
      }
      limit = (long) LONG.getAcquire(memory, consumedAt) + PairMemory.CELLS;
      return next >= limit;
    }

    /** Where the next cell is to be written, if there is room. */
    long at() {
      return base + (next & MASK) * PairMemory.CELL;
    }

    /**
     * It is written: the reader sees it.
     *
     * @param kind what the reader is to get first
     */
    void publish(int kind) {
      LONG.setRelease(memory, at(), word(stamp(next), kind));
      next++;
    }
  }

  /** Not safe for use by many threads. */
  static final class Reader {
    private final MemorySegment memory;
    private final long base;
    private final long consumedAt;
    private long next;
    private int expected = 1;
    private int kind;

    Reader(PairMemory of) {
      memory = of.memory();
      base = of.cellsAt(1 - of.side());
      consumedAt = of.consumedAt(of.side());
    }

    boolean hasNext() {
      long word = (long) LONG.getAcquire(memory, at());
      kind = high(word);
      return low(word) == expected;
    }

    /** Of the next cell. */
    int kind() {
      return kind;
    }

    /** Where the next cell is. */
    long at() {
      return base + (next & MASK) * PairMemory.CELL;
    }

    /** The cell is read, and may be written again; whether the writer, too, can see that now. */
    boolean consumed() {
      expected = stamp(++next);
      if (next % TELL != 0) {
        return false;
      }
      LONG.setRelease(memory, consumedAt, next);
      return true;
    }
  }
}
