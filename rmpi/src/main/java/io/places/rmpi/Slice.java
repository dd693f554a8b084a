package io.places.rmpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Some of the elements of an array of numbers, as one message: from an offset, so many, each so far from the
 * one before. A slice is a view: what is received into it is in the array, and what is sent is what the array
 * holds while the send is under way.
 *
 * <pre>{@code
 * comm.send(Slice.of(row), to, tag);
 * comm.recv(Slice.of(matrix, column, rows, columns), from, tag); // one column of a matrix
 * }</pre>
 *
 * <p>It may be received into a slice of any stride, and as an array by {@code recv(double[].class, ...)}.
 * Immutable itself; the array is the caller's to guard. {@link Comm#allocateShared} gives slices of memory that
 * other processes see.
 */
public final class Slice {
  private final @Nullable Object array;
  private final @Nullable SharedRegion region; // one of the two
  private final ElementType type;
  private final MemorySegment segment;
  private final int offset;
  private final int count;
  private final int stride;

  private Slice(
      @Nullable Object array,
      @Nullable SharedRegion region,
      MemorySegment segment,
      ElementType type,
      int offset,
      int count,
      int stride) {
    this.array = array;
    this.region = region;
    this.segment = segment;
    this.type = type;
    this.offset = offset;
    this.count = count;
    this.stride = stride;
  }

  /**
   * The whole array.
   *
   * @param array a {@code byte[]}, {@code short[]}, {@code char[]}, {@code int[]}, {@code long[]}, {@code
   *     float[]} or {@code double[]}
   * @throws IllegalArgumentException if it is anything else
   */
  public static Slice of(Object array) {
    ElementType type = ElementType.ofArray(Objects.requireNonNull(array, "array"));
    return new Slice(array, null, type.segment(array), type, 0, Array.getLength(array), 1);
  }

  /** All elements of a region. */
  static Slice of(SharedRegion region, ElementType type, int count) {
    return new Slice(null, region, region.data(), type, 0, count, 1);
  }

  /** {@code count} elements of the array that lie together, from {@code offset} on. */
  public static Slice of(Object array, int offset, int count) {
    return of(array, offset, count, 1);
  }

  /**
   * {@code count} elements of the array, the first at {@code offset}, each {@code stride} after the one
   * before.
   *
   * @throws IllegalArgumentException if one of them lies outside of the array, or the stride is not
   *     positive
   */
  public static Slice of(Object array, int offset, int count, int stride) {
    return of(array).slice(offset, count, stride);
  }

  /** {@code count} elements of this slice, from its element {@code offset} on. */
  public Slice slice(int first, int number) {
    return slice(first, number, 1);
  }

  /** {@code count} elements of this slice, each {@code step} elements after the one before. */
  public Slice slice(int first, int number, int step) {
    if (first < 0 || number < 0 || step < 1) {
      throw new IllegalArgumentException(
          "a slice needs an offset and a count of at least 0 and a stride of at least 1, not %d, %d and %d"
              .formatted(first, number, step));
    }
    long last = first + (number - 1L) * step;
    if (number == 0 ? first > count : last >= count) {
      throw new IllegalArgumentException(
          "%d elements from %d on, every %d, end with element %d; there are %d"
              .formatted(number, first, step, last, count));
    }
    return new Slice(
        array,
        region,
        segment,
        type,
        offset + first * stride,
        number,
        number <= 1 ? 1 : Math.multiplyExact(stride, step));
  }

  public ElementType type() {
    return type;
  }

  /** How many elements. */
  public int count() {
    return count;
  }

  long bytes() {
    return (long) count * type.size();
  }

  /** Whether the elements lie together. */
  boolean isDense() {
    return stride == 1;
  }

  /** Of a slice that {@link #hasArray}. */
  Object array() {
    return Objects.requireNonNull(array);
  }

  /** Whether it is part of an array, and not of memory that is shared. */
  boolean hasArray() {
    return array != null;
  }

  @Nullable SharedRegion region() {
    return region;
  }

  /** Where the first element lies in the region's data. */
  long regionOffset() {
    return at(0);
  }

  /**
   * The memory in which the elements are: of the array, or of {@link Comm#allocateShared}. What is written
   * there is in the slice.
   *
   * @throws IllegalStateException if they do not lie together
   */
  public MemorySegment memory() {
    if (!isDense()) {
      throw new IllegalStateException("the elements of this slice lie %d apart".formatted(stride));
    }
    return segment.asSlice(at(0), bytes());
  }

  /** Where element {@code i} lies in the array. */
  int index(int i) {
    return offset + i * stride;
  }

  /** A new array with just these elements. */
  Object toArray() {
    Object copy = type.newArray(count);
    copyTo(of(copy));
    return copy;
  }

  /** Copies these elements to the first of another slice of the same type, which has as many at least. */
  void copyTo(Slice to) {
    if (isDense() && to.isDense()) {
      MemorySegment.copy(segment, at(0), to.segment, to.at(0), bytes());
      return;
    }
    switch (type.size()) {
      case Byte.BYTES -> {
        for (int i = 0; i < count; i++) {
          to.segment.set(ValueLayout.JAVA_BYTE, to.at(i), segment.get(ValueLayout.JAVA_BYTE, at(i)));
        }
      }
      case Short.BYTES -> {
        for (int i = 0; i < count; i++) {
          to.segment.set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              to.at(i),
              segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, at(i)));
        }
      }
      case Integer.BYTES -> {
        for (int i = 0; i < count; i++) {
          to.segment.set(
              ValueLayout.JAVA_INT_UNALIGNED,
              to.at(i),
              segment.get(ValueLayout.JAVA_INT_UNALIGNED, at(i)));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          to.segment.set(
              ValueLayout.JAVA_LONG_UNALIGNED,
              to.at(i),
              segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at(i)));
        }
      }
    }
  }

  /** Some elements as they travel. */
  byte[] encode(int first, int number) {
    Slice part = slice(first, number);
    Slice dense = part.isDense() ? part : of(part.toArray());
    byte[] bytes = new byte[number * type.size()];
    MemorySegment.copy(
        dense.segment,
        type.layout(),
        dense.at(0),
        MemorySegment.ofArray(bytes),
        type.onWire(),
        0,
        number);
    return bytes;
  }

  /** Takes elements as they travel, from element {@code first} on. */
  void decode(byte[] bytes, int first) {
    int number = bytes.length / type.size();
    Slice part = slice(first, number);
    Slice dense = part.isDense() ? part : of(type.newArray(number));
    MemorySegment.copy(
        MemorySegment.ofArray(bytes),
        type.onWire(),
        0,
        dense.segment,
        type.layout(),
        dense.at(0),
        number);
    if (!part.isDense()) {
      dense.copyTo(part);
    }
  }

  /** Copies some elements as they are to memory of this host. */
  void write(int first, int number, MemorySegment to, long at) {
    Slice part = number == count ? this : slice(first, number);
    Slice dense = part.isDense() ? part : of(part.toArray());
    MemorySegment.copy(dense.segment, dense.at(0), to, at, (long) number * type.size());
  }

  /** Takes elements as {@link #write} has left them, from element {@code first} on. */
  void read(int first, int number, MemorySegment from, long at) {
    Slice part = number == count ? this : slice(first, number);
    Slice dense = part.isDense() ? part : of(type.newArray(number));
    MemorySegment.copy(from, at, dense.segment, dense.at(0), (long) number * type.size());
    if (!part.isDense()) {
      dense.copyTo(part);
    }
  }

  private long at(int i) {
    return (offset + (long) i * stride) * type.size();
  }

  @Override
  public String toString() {
    return "%s of %d".formatted(type.typeName(), count);
  }
}
