package io.places.message;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A vector of {@code double}s of fixed length which the places of one node share: a message hands on the
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
public final class SharedDoubles implements SharedMemory {
  private static final VarHandle ELEMENTS = ValueLayout.JAVA_DOUBLE.arrayElementVarHandle();

  private final MemorySegment memory;
  private final int length;

  private SharedDoubles(int length) {
    this.memory = OffHeap.zeros(length, ValueLayout.JAVA_DOUBLE);
    this.length = length;
  }

  /**
   * A vector of zeros.
   *
   * @throws IllegalArgumentException if the length is negative
   */
  public static SharedDoubles ofLength(int length) {
    return new SharedDoubles(length);
  }

  /** A vector with these elements. */
  public static SharedDoubles copyOf(double[] elements) {
    SharedDoubles made = new SharedDoubles(elements.length);
    MemorySegment.copy(elements, 0, made.memory, ValueLayout.JAVA_DOUBLE, 0, elements.length);
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
  public double get(int index) {
    return memory.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
  }

  /** Writes an element. */
  public void set(int index, double value) {
    memory.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
  }

  /** Reads an element as if it were volatile. */
  public double getVolatile(int index) {
    return (double) ELEMENTS.getVolatile(memory, 0L, (long) index);
  }

  /** Writes an element as if it were volatile. */
  public void setVolatile(int index, double value) {
    ELEMENTS.setVolatile(memory, 0L, (long) index, value);
  }

  /** Adds to an element in one step; answers what it was before. */
  public double getAndAdd(int index, double delta) {
    while (true) {
      double before = getVolatile(index);
      if (compareAndSet(index, before, before + delta)) {
        return before;
      }
    }
  }

  /** Writes {@code value} if the element is {@code expected}, bit by bit; answers whether it was. */
  public boolean compareAndSet(int index, double expected, double value) {
    return ELEMENTS.compareAndSet(memory, 0L, (long) index, expected, value);
  }

  /** What is in it now; elements that others write meanwhile are old or new. */
  public double[] toArray() {
    return memory.toArray(ValueLayout.JAVA_DOUBLE);
  }

  /** The memory itself, for bulk copies and vector code. */
  public MemorySegment segment() {
    return memory;
  }

  @Override
  public String toString() {
    return "SharedDoubles[length=" + length + "]";
  }
}
