package io.places.rmpi;

import java.lang.reflect.Array;
import java.util.function.IntToLongFunction;

/** Arrays of numbers of any type. */
final class Numbers {
  private Numbers() {}

  /** Those that are given, as numbers of a type. */
  static Object of(ElementType type, long... values) {
    Object array = type.newArray(values.length);
    for (int i = 0; i < values.length; i++) {
      set(array, i, values[i]);
    }
    return array;
  }

  /** So many, which begin with those of an array, again and again. */
  static Object repeating(Object first, int count) {
    Object array = ElementType.ofArray(first).newArray(count);
    int given = Math.min(Array.getLength(first), count);
    System.arraycopy(first, 0, array, 0, given);
    repeat(array, 0, given, count);
    return array;
  }

  /** Parts of one length, one after the other, each with one number all over. */
  static Object parts(ElementType type, int parts, int length, IntToLongFunction ofPart) {
    Object array = type.newArray(parts * length);
    for (int part = 0; part < parts && length > 0; part++) {
      set(array, part * length, ofPart.applyAsLong(part));
      repeat(array, part * length, 1, length);
    }
    return array;
  }

  /** Goes on with what an array has from an element on, until it is so many. */
  private static void repeat(Object array, int from, int given, int count) {
    for (int done = given; done < count; ) { // twice as many each time
      int more = Math.min(done, count - done);
      System.arraycopy(array, from, array, from + done, more);
      done += more;
    }
  }

  private static void set(Object array, int i, long value) {
    switch (array) {
      case char[] chars -> chars[i] = (char) value;
      case byte[] bytes -> bytes[i] = (byte) value;
      case short[] shorts -> shorts[i] = (short) value;
      case int[] ints -> ints[i] = (int) value;
      case long[] longs -> longs[i] = value;
      case float[] floats -> floats[i] = value;
      default -> ((double[]) array)[i] = value;
    }
  }

  /** What is left of a number as one of a type. */
  static long narrowed(ElementType type, long value) {
    return switch (type) {
      case CHAR -> (char) value;
      case BYTE -> (byte) value;
      case SHORT -> (short) value;
      case INT -> (int) value;
      case LONG, FLOAT, DOUBLE -> value;
    };
  }
}
