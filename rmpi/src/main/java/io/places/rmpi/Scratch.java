package io.places.rmpi;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/*
 * A new array costs more than the exchange for which it is there: it is filled with zeros, and one of some
 * hundred kilobytes is a region of its own for the garbage collector.
 */
/** Room for what comes during a collective operation; by one thread at a time. */
final class Scratch {
  /** What is kept until the next operation at most. */
  private static final long KEPT = 4 << 20;

  private @Nullable Object kept;

  /** Room for so many elements, with anything in it; until the next call. */
  Slice of(ElementType type, int count) {
    Object array = kept;
    if (array == null || array.getClass() != type.arrayType() || Array.getLength(array) < count) {
      array = type.newArray(count);
      kept = (long) count * type.size() <= KEPT ? array : null;
    }
    return Slice.of(array, 0, count);
  }
}
