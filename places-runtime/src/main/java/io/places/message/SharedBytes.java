package io.places.message;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A vector of {@code byte}s of fixed length which the places of one node share: a message hands on the
 * vector itself, so what one place writes the others read. It starts with zeros, lies outside the heap,
 * and is freed when nothing refers to it any more.
 *
 * <p>The memory model is that of Java's variables. {@link #get} and {@link #set} are plain: without
 * other synchronisation a write may be seen late, and several writes in another order. A message put
 * after a write and got before a read orders them. {@link #getVolatile}, {@link #setVolatile}
 * are volatile accesses: they are totally ordered, and what was written before such a write is seen
 * after a read that sees it.
 *
 * <p>It cannot travel to another node; that is refused, naming it. Send {@link #toArray()} there.
 */
public final class SharedBytes implements SharedMemory {
  private static final VarHandle ELEMENTS = ValueLayout.JAVA_BYTE.arrayElementVarHandle();

  private final MemorySegment memory;
  private final int length;

  private SharedBytes(int length) {
    this.memory = OffHeap.zeros(length, ValueLayout.JAVA_BYTE);
    this.length = length;
  }

  /**
   * A vector of zeros.
   *
   * @throws IllegalArgumentException if the length is negative
   */
  public static SharedBytes ofLength(int length) {
    return new SharedBytes(length);
  }

  /** A vector with these elements. */
  public static SharedBytes copyOf(byte[] elements) {
    SharedBytes made = new SharedBytes(elements.length);
    MemorySegment.copy(elements, 0, made.memory, ValueLayout.JAVA_BYTE, 0, elements.length);
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
  public byte get(int index) {
    return memory.getAtIndex(ValueLayout.JAVA_BYTE, index);
  }

  /** Writes an element. */
  public void set(int index, byte value) {
    memory.setAtIndex(ValueLayout.JAVA_BYTE, index, value);
  }

  /** Reads an element as if it were volatile. */
  public byte getVolatile(int index) {
    return (byte) ELEMENTS.getVolatile(memory, 0L, (long) index);
  }

  /** Writes an element as if it were volatile. */
  public void setVolatile(int index, byte value) {
    ELEMENTS.setVolatile(memory, 0L, (long) index, value);
  }

  /** What is in it now; elements that others write meanwhile are old or new. */
  public byte[] toArray() {
    return memory.toArray(ValueLayout.JAVA_BYTE);
  }

  /** The memory itself, for bulk copies and vector code. */
  public MemorySegment segment() {
    return memory;
  }

  @Override
  public String toString() {
    return "SharedBytes[length=" + length + "]";
  }
}
