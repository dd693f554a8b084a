package io.places.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * The queue between the two sides: an array used as a ring. Message number n lies at n modulo its size;
 * null is a free slot. When the slot for the next message is still taken, the putter links an array of
 * twice the size into the last element, where the queue goes on; the taker follows the link once it finds
 * the slot of its next message free in the old one, for then that message is in the new one.
 */
/**
 * One side of a mailbox: the putters' or the takers', who lock it. One of each may be at work at the same
 * time, and they meet only in the slots: so they do not wait for each other.
 */
@SuppressWarnings("UnusedVariable") // the padding; and handles read and write the others
sealed class Side permits Side.Apart {
  /** A power of two. Most mailboxes never hold more, and there may be hundreds of thousands of them. */
  private static final int FIRST_CAPACITY = 2;

  private static final VarHandle MESSAGES;
  private static final VarHandle BYTES;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MESSAGES = lookup.findVarHandle(Side.class, "messages", long.class);
      BYTES = lookup.findVarHandle(Side.class, "bytes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the fields are declared below", e);
    }
  }

  private long messages; // written under the lock, read by anyone
  private long bytes; // likewise
  private @Nullable Object[] slots = {}; // guarded by this

  /**
   * A side that keeps what follows in memory, the other side, 64 bytes away: two processors that write to
   * the same cache line slow each other down.
   */
  static final class Apart extends Side {
    private long padding1;
    private long padding2;
    private long padding3;
    private long padding4;
    private long padding5;
    private long padding6;
    private long padding7;
    private long padding8;
  }

  /** Makes the queue between two sides empty. Both are locked, or known to one thread only. */
  static void connect(Side putters, Side takers) {
    @Nullable Object[] slots = new Object[FIRST_CAPACITY + 1];
    putters.slots = slots;
    takers.slots = slots;
    BYTES.setOpaque(takers, putters.bytes);
    MESSAGES.setVolatile(takers, putters.messages);
  }

  /** How many messages went through this side; the bytes are those of at least as many. */
  long messages() {
    return (long) MESSAGES.getVolatile(this);
  }

  /** Read after {@link #messages}. */
  long bytes() {
    return (long) BYTES.getOpaque(this);
  }

  /** On the putters' side, locked. */
  void add(Object message, int weight) {
    @Nullable Object[] ring = slots;
    int slot = slot(ring, messages);
    boolean full = SLOT.getAcquire(ring, slot) != null;
    BYTES.setOpaque(this, bytes + weight);
    MESSAGES.setRelease(this, messages + 1); // before the message: no one sees more taken than put
    if (full) {
      grow(ring, message);
    } else {
      SLOT.setRelease(ring, slot, message);
    }
  }

  private void grow(@Nullable Object[] full, Object message) {
    @Nullable Object[] larger = new Object[2 * (full.length - 1) + 1];
    larger[slot(larger, messages - 1)] = message;
    slots = larger;
    SLOT.setRelease(full, full.length - 1, larger);
  }

  /** On the takers' side, locked: the next message, which stays; null if there is none. */
  @Nullable Object peek() {
    while (true) {
      @Nullable Object[] ring = slots;
      Object message = SLOT.getAcquire(ring, slot(ring, messages));
      if (message != null) {
        return message;
      }
      var larger = (@Nullable Object[]) SLOT.getAcquire(ring, ring.length - 1);
      if (larger == null) {
        return null;
      }
      if (SLOT.getAcquire(ring, slot(ring, messages)) == null) { // else it came after the first look
        slots = larger;
      }
    }
  }

  /** On the takers' side, locked: removes what {@link #peek} gave. */
  void remove(int weight) {
    @Nullable Object[] ring = slots;
    SLOT.setRelease(ring, slot(ring, messages), null);
    BYTES.setOpaque(this, bytes + weight);
    MESSAGES.setVolatile(this, messages + 1);
  }

  /** On the takers' side, not locked: whether there probably is a message, at little cost to putters. */
  boolean seesMessage() {
    @Nullable Object[] ring = slots;
    return SLOT.getAcquire(ring, slot(ring, messages)) != null
        || SLOT.getAcquire(ring, ring.length - 1) != null;
  }

  private static int slot(@Nullable Object[] ring, long message) {
    return (int) message & (ring.length - 2);
  }
}
