package io.places.message;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A vector of {@code long}s of fixed length which the places of one node share: a message hands on the
 * vector itself, so what one place writes the others read. It starts with zeros, lies outside the heap,
 * and is freed when nothing refers to it any more.
 *
 * <p>The memory model is that of Java's variables. {@link #get} and {@link #set} are plain: without
 * other synchronisation a write may be seen late, and several writes in another order; a single element is always
 * whole. A message put
 * after a write and got before a read orders them. {@link #getVolatile}, {@link #setVolatile}, {@link
 * #getAndAdd} and {@link #compareAndSet}
 * are volatile accesses: they are totally ordered, and what was written before such a write is seen
 * after a read that sees it.
 *
 * <p>It cannot travel to another node; that is refused, naming it. Send {@link #toArray()} there.
 */
public final class SharedLongs implements SharedMemory {
  private static final VarHandle ELEMENTS = ValueLayout.JAVA_LONG.arrayElementVarHandle();

  private final MemorySegment memory;
  private final int length;

  private SharedLongs(int length) {
    this.memory = OffHeap.zeros(length, ValueLayout.JAVA_LONG);
    this.length = length;
  }

  /**
   * A vector of zeros.
   *
   * @throws IllegalArgumentException if the length is negative
   */
  public static SharedLongs ofLength(int length) {
    return new SharedLongs(length);
  }

  /** A vector with these elements. */
  public static SharedLongs copyOf(long[] elements) {
    SharedLongs made = new SharedLongs(elements.length);
    MemorySegment.copy(elements, 0, made.memory, ValueLayout.JAVA_LONG, 0, elements.length);
    return made;
  }

  @Override
  public int length() {
    return length;
  }

  /**
   * Reads an element.
   *
   * @throws IndexOutOfBoundsException if there is none at the index, as all that take an index
   */
  public long get(int index) {
    return memory.getAtIndex(ValueLayout.JAVA_LONG, index);
  }

  /** Writes an element. */
  public void set(int index, long value) {
    memory.setAtIndex(ValueLayout.JAVA_LONG, index, value);
  }

  /** Reads an element as if it were volatile. */
  public long getVolatile(int index) {
    return (long) ELEMENTS.getVolatile(memory, 0L, (long) index);
  }

  /** Writes an element as if it were volatile. */
  public void setVolatile(int index, long value) {
    ELEMENTS.setVolatile(memory, 0L, (long) index, value);
  }

  /** Adds to an element in one step; answers what it was before. */
  public long getAndAdd(int index, long delta) {
    return (long) ELEMENTS.getAndAdd(memory, 0L, (long) index, delta);
  }

  /** Writes {@code value} if the element is {@code expected}; answers whether it was. */
  public boolean compareAndSet(int index, long expected, long value) {
    return ELEMENTS.compareAndSet(memory, 0L, (long) index, expected, value);
  }

  /** What is in it now; elements that others write meanwhile are old or new. */
  public long[] toArray() {
    return memory.toArray(ValueLayout.JAVA_LONG);
  }

  /** The memory itself, for bulk copies and vector code. */
  public MemorySegment segment() {
    return memory;
  }

  @Override
  public String toString() {
    return "SharedLongs[length=" + length + "]";
  }
}
