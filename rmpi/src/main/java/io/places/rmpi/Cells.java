package io.places.rmpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/*
 * A ring of cells in memory that two processes share. A cell's stamp says in which round it was written, and
 * is written last: the reader looks at the stamp of the next cell only, so that a short message costs the two
 * processors one line that goes from one to the other. How far the reader has come it says now and then; the
 * writer looks only when by what it knows the ring is full.
 */
/** One direction of the cells between two ranks. */
final class Cells {
  static final long KIND = 4;
  static final long FLAGS = 5;
  static final long TYPE = 6;
  static final long CONTEXT = 8;
  static final long SOURCE = 12;
  static final long TAG = 16;
  static final long COUNT = 20;
  static final long TICKET = 24;
  static final long LENGTH = 28;
  static final long SLOT = 32;
  static final long OPERATION = 36;
  static final long CALL_TYPE = 38;
  static final long ROOT = 40;
  static final long CALL_COUNT = 44;
  static final long NUMBER = 48;
  static final long BODY = 56;

  /** So much of a body lies in the cell itself. */
  static final int INLINE = PairMemory.CELL - (int) BODY;

  private static final int MASK = PairMemory.CELLS - 1;

  /** Cells that are read until the writer is told. */
  private static final int TELL = PairMemory.CELLS / 16;

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private Cells() {}

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

    /** It is written: the reader sees it. */
    void publish() {
      INT.setRelease(memory, at(), stamp(next));
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

    Reader(PairMemory of) {
      memory = of.memory();
      base = of.cellsAt(1 - of.side());
      consumedAt = of.consumedAt(of.side());
    }

    boolean hasNext() {
      return (int) INT.getAcquire(memory, at()) == expected;
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
