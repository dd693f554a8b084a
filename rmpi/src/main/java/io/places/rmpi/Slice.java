package io.places.rmpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.math.BigInteger;
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
 * <p>It may be received into a slice of any stride or shape, and as an array by {@code recv(double[].class, ...)}.
 * Immutable itself; the array is the caller's to guard. {@link Comm#allocateShared} gives slices of memory that
 * other processes see, {@link #subarray} the parts of matrices, and {@link #of(MemorySegment, ElementType)} slices of
 * memory outside of the heap, which may have more elements than an array.
 */
public final class Slice {
  /** Who owns no memory. Never started. */
  private static final Thread SOMEBODY = Thread.ofPlatform().unstarted(() -> {});

  private final @Nullable Object array;
  private final @Nullable SharedRegion region; // one of the two
  private final ElementType type;
  private final MemorySegment segment;
  private final @Nullable Shape shape; // in whose numbers the offset and the stride are then
  private final long offset;
  private final long count;
  private final long stride;

  private Slice(
      @Nullable Object array,
      @Nullable SharedRegion region,
      MemorySegment segment,
      ElementType type,
      @Nullable Shape shape,
      long offset,
      long count,
      long stride) {
    this.array = array;
    this.region = region;
    this.segment = segment;
    this.type = type;
    this.shape = shape;
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
    return new Slice(array, null, type.segment(array), type, null, 0, Array.getLength(array), 1);
  }

  /**
   * All elements that fit into some memory, as they lie there in the byte order of this machine. The only slices with
   * more elements than an array can have: as messages of ranks to each other, not in collective operations.
   *
   * @param memory which any thread may access, and which stays valid as long as messages go from it or to it
   * @throws IllegalArgumentException if it is read-only, or only one thread may access it
   */
  public static Slice of(MemorySegment memory, ElementType type) {
    if (memory.isReadOnly()) {
      throw new IllegalArgumentException("a slice is of memory that can be written, too");
    }
    if (!memory.isAccessibleBy(SOMEBODY)) {
      throw new IllegalArgumentException(
          "a slice is of memory that any thread may access, as those that carry messages do; this is of a confined arena: take Arena.ofShared() or ofAuto()");
    }
    return new Slice(null, null, memory, type, null, 0, memory.byteSize() / type.size(), 1);
  }

  /** All elements of a region. */
  static Slice of(SharedRegion region, ElementType type, int count) {
    return new Slice(null, region, region.data(), type, null, 0, count, 1);
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

  /** {@code number} elements of this slice, from its element {@code first} on. */
  public Slice slice(int first, int number) {
    return slice((long) first, number, 1);
  }

  /** {@code number} elements of this slice, each {@code step} elements after the one before. */
  public Slice slice(int first, int number, int step) {
    return slice((long) first, number, step);
  }

  /** As {@link #slice(int, int)}, of a slice with more elements than an array can have. */
  public Slice slice(long first, long number) {
    return slice(first, number, 1);
  }

  /** As {@link #slice(int, int, int)}, of a slice with more elements than an array can have. */
  public Slice slice(long first, long number, long step) {
    if (first < 0 || number < 0 || step < 1) {
      throw new IllegalArgumentException(
          "a slice needs an offset and a count of at least 0 and a stride of at least 1, not %d, %d and %d"
              .formatted(first, number, step));
    }
    // Without overflow: of what is too long, the number of steps.
    long steps = number == 0 ? 0 : number - 1;
    boolean fits = number == 0 ? first <= count : first < count && steps <= (count - 1 - first) / step;
    if (!fits) {
      throw new IllegalArgumentException(
          "%d elements from %d on, every %d, end with element %d; there are %d"
              .formatted(
                  number,
                  first,
                  step,
                  BigInteger.valueOf(steps).multiply(BigInteger.valueOf(step)).add(BigInteger.valueOf(first)),
                  count));
    }
    return new Slice(
        array,
        region,
        segment,
        type,
        shape,
        offset + first * stride,
        number,
        number <= 1 ? 1 : Math.multiplyExact(stride, step));
  }

  /**
   * A part of a matrix, or of an array of more dimensions, as one slice: these elements are taken as an array of such
   * sizes whose last index runs fastest.
   *
   * <pre>{@code
   * double[] grid = new double[rows * columns];
   * Slice inner = Slice.of(grid).subarray( // all but the border
   *     new int[] {rows, columns}, new int[] {1, 1}, new int[] {rows - 2, columns - 2});
   * }</pre>
   *
   * @param sizes of the whole, for each dimension; their product is the number of elements of this slice
   * @param starts of the part
   * @param counts of the part
   * @throws IllegalArgumentException if the part does not lie within the whole, or the elements of this slice do not
   *     lie together
   */
  public Slice subarray(int[] sizes, int[] starts, int[] counts) {
    if (!isDense()) {
      throw new IllegalArgumentException("a subarray is one of elements that lie together");
    }
    Shape part = Shape.of(count, offset, sizes, starts, counts);
    return new Slice(array, region, segment, type, part, 0, part.count(), 1);
  }

  public ElementType type() {
    return type;
  }

  /**
   * How many elements.
   *
   * @throws IllegalStateException if they are more than an array can have
   */
  public int count() {
    if (count > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          ("a slice of %d elements; collective operations and all that counts by an int take at most %d:"
                  + " send and recv take more, or do it part by part")
              .formatted(count, Integer.MAX_VALUE));
    }
    return (int) count;
  }

  /** How many elements, as many as they may be. */
  public long elements() {
    return count;
  }

  long bytes() {
    return count * type.size();
  }

  /** Whether the elements lie together. */
  boolean isDense() {
    return stride == 1 && shape == null;
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
      throw new IllegalStateException("the elements of this slice do not lie together");
    }
    return segment.asSlice(at(0), bytes());
  }

  /**
   * Whether an element of one is an element of the other. Exact for slices whose elements lie together, or equally far
   * apart, in one array; of others in one array whose strides differ it knows nothing, and says no; of parts of matrices,
   * and of memory outside of the heap, it says yes if one lies between elements of the other.
   */
  boolean overlaps(Slice other) {
    if (count == 0 || other.count == 0) {
      return false;
    }
    boolean isOneArray = array != null && array.equals(other.array);
    if (!isOneArray && array != null && other.array != null) {
      return false;
    }
    boolean isOneRegion = region != null && region.equals(other.region);
    if ((!isOneArray && !isOneRegion) || shape != null || other.shape != null) {
      return span().asOverlappingSlice(other.span()).isPresent();
    }
    if (count > 1 && other.count > 1 && stride != other.stride) {
      return false;
    }
    long last = offset + (count - 1) * stride;
    long othersLast = other.offset + (other.count - 1) * other.stride;
    return offset <= othersLast
        && other.offset <= last
        && (offset - other.offset) % Math.max(stride, other.stride) == 0;
  }

  /** From the first element to the last, with what lies between. */
  private MemorySegment span() {
    return segment.asSlice(at(0), at(count - 1) + type.size() - at(0));
  }

  /** Whether these are elements of that array. */
  boolean isOf(Object someArray) {
    return someArray.equals(array);
  }

  /** Where element {@code i} lies in the array. */
  int index(int i) {
    return (int) place(i);
  }

  private long place(long i) {
    long at = offset + i * stride;
    return shape == null ? at : shape.place(at);
  }

  private long at(long i) {
    return place(i) * type.size();
  }

  /** How many elements lie together from element {@code i} on, as far as that is easily known. */
  private long run(long i) {
    if (stride != 1) {
      return 1;
    }
    long left = count - i;
    return shape == null ? left : Math.min(left, shape.run(offset + i));
  }

  /** A new array with just these elements. */
  Object toArray() {
    Object copy = type.newArray(count());
    copyTo(of(copy));
    return copy;
  }

  /** Copies these elements to the first of another slice of the same type, which has as many at least. */
  void copyTo(Slice to) {
    if (shape == null && to.shape == null && (stride > 1 || to.stride > 1) && count <= Integer.MAX_VALUE) {
      copyEachTo(to);
      return;
    }
    for (long i = 0; i < count; ) {
      long run = Math.min(run(i), to.run(i));
      MemorySegment.copy(segment, at(i), to.segment, to.at(i), run * type.size());
      i += run;
    }
  }

  /** One after the other: of slices with strides, which lie nowhere together. */
  private void copyEachTo(Slice to) {
    int number = count();
    switch (type.size()) {
      case Byte.BYTES -> {
        for (int i = 0; i < number; i++) {
          to.segment.set(ValueLayout.JAVA_BYTE, to.far(i), segment.get(ValueLayout.JAVA_BYTE, far(i)));
        }
      }
      case Short.BYTES -> {
        for (int i = 0; i < number; i++) {
          to.segment.set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              to.far(i),
              segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, far(i)));
        }
      }
      case Integer.BYTES -> {
        for (int i = 0; i < number; i++) {
          to.segment.set(
              ValueLayout.JAVA_INT_UNALIGNED,
              to.far(i),
              segment.get(ValueLayout.JAVA_INT_UNALIGNED, far(i)));
        }
      }
      default -> {
        for (int i = 0; i < number; i++) {
          to.segment.set(
              ValueLayout.JAVA_LONG_UNALIGNED,
              to.far(i),
              segment.get(ValueLayout.JAVA_LONG_UNALIGNED, far(i)));
        }
      }
    }
  }

  /** As {@link #at}, of a slice without a shape. */
  private long far(int i) {
    return (offset + i * stride) * type.size();
  }

  /** Some elements as they travel. */
  byte[] encode(long first, int number) {
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
  void decode(byte[] bytes, long first) {
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
  void write(long first, int number, MemorySegment to, long at) {
    Slice part = number == count ? this : slice(first, number);
    if (part.isDense()) {
      MemorySegment.copy(part.segment, part.at(0), to, at, (long) number * type.size());
    } else {
      part.copyTo(of(to.asSlice(at, (long) number * type.size()), type));
    }
  }

  /** Takes elements as {@link #write} has left them, from element {@code first} on. */
  void read(long first, long number, MemorySegment from, long at) {
    Slice part = number == count ? this : slice(first, number);
    if (part.isDense()) {
      MemorySegment.copy(from, at, part.segment, part.at(0), number * type.size());
    } else {
      MemorySegment all = from.asSlice(at, number * type.size());
      new Slice(null, null, all, type, null, 0, number, 1).copyTo(part);
    }
  }

  @Override
  public String toString() {
    return "%s of %d".formatted(type.typeName(), count);
  }
}
