package io.places.rmpi;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/*
 * Layout, in bytes. What one side writes often and the other reads has 128 bytes for itself, as processors
 * fetch lines of 64 bytes in pairs.
 *
 *        0  16 random bytes, by which the peer knows that it has the file that was meant
 *      128  whether side 0 sleeps; at 256 side 1
 *      384  how many cells side 0 has read; at 512 side 1
 *     4096  cells from side 0 to side 1; then those from side 1 to side 0
 *   266240  256 slots of 4 KiB, then 64 of 64 KiB
 */
/** The memory that two ranks on one host share. Lives as long as anybody refers to it. */
final class PairMemory {
  static final int CELL = 128;
  static final int CELLS = 1024;
  static final int SHORT_SLOT = 4 << 10;
  static final int SHORT_SLOTS = 256;
  static final int LONG_SLOT = 64 << 10;
  static final int LONG_SLOTS = 64;

  private static final int LINE = 128;
  private static final int RINGS_AT = 4 << 10;
  private static final int RING = CELL * CELLS;
  private static final int SHORT_AT = RINGS_AT + 2 * RING;
  private static final int LONG_AT = SHORT_AT + SHORT_SLOT * SHORT_SLOTS;
  private static final int SIZE = LONG_AT + LONG_SLOT * LONG_SLOTS;

  private final MemorySegment memory;
  private final int side;

  private PairMemory(MemorySegment memory, int side) {
    this.memory = memory;
    this.side = side;
  }

  /** One that the peer can open, and the file in which it is; that is to be closed when the peer has. */
  record Offered(PairMemory memory, SharedFile file) {}

  /** Makes one, as side 0. */
  static Offered create(RandomGenerator random) throws IOException {
    SharedFile file = SharedFile.create(random, SIZE);
    return new Offered(new PairMemory(file.memory(), 0), file);
  }

  /**
   * Opens that of a peer, as side 1.
   *
   * @throws IOException if the file is not there, or not the one that is meant: the peer is on another host
   */
  static PairMemory open(Frame.Memory of) throws IOException {
    MemorySegment mapped = SharedFile.open(of);
    if (mapped.byteSize() != SIZE) {
      throw new IOException("%s has %d bytes, not %d".formatted(of.path(), mapped.byteSize(), SIZE));
    }
    return new PairMemory(mapped, 1);
  }

  MemorySegment memory() {
    return memory;
  }

  int side() {
    return side;
  }

  long sleepAt(int of) {
    return LINE * (1L + of);
  }

  long consumedAt(int of) {
    return LINE * (3L + of);
  }

  /** Where the cells begin that a side writes. */
  long cellsAt(int of) {
    return RINGS_AT + (long) of * RING;
  }

  /** Where a slot is: those of 4 KiB are the first numbers. */
  static long slotAt(int slot) {
    return slot < SHORT_SLOTS
        ? SHORT_AT + (long) slot * SHORT_SLOT
        : LONG_AT + (long) (slot - SHORT_SLOTS) * LONG_SLOT;
  }

  static boolean isShort(int slot) {
    return slot < SHORT_SLOTS;
  }

}
