package io.places.rmpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.ByteOrder;

/** What a {@link Slice} is made of: the primitive types of Java with a fixed size. */
@SuppressWarnings("ImmutableEnumChecker") // layouts are values; the JDK does not annotate them
public enum ElementType {
  BYTE(byte[].class, ValueLayout.JAVA_BYTE),
  SHORT(short[].class, ValueLayout.JAVA_SHORT_UNALIGNED),
  CHAR(char[].class, ValueLayout.JAVA_CHAR_UNALIGNED),
  INT(int[].class, ValueLayout.JAVA_INT_UNALIGNED),
  LONG(long[].class, ValueLayout.JAVA_LONG_UNALIGNED),
  FLOAT(float[].class, ValueLayout.JAVA_FLOAT_UNALIGNED),
  DOUBLE(double[].class, ValueLayout.JAVA_DOUBLE_UNALIGNED);

  /** What a JVM makes; some a little more. */
  static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final ElementType[] ALL = values();

  private final Class<?> arrayType;
  private final ValueLayout layout;
  private final ValueLayout onWire;
  private final String typeName;
  private final int size;

  ElementType(Class<?> arrayType, ValueLayout layout) {
    this.arrayType = arrayType;
    this.layout = layout;
    this.typeName = arrayType.getTypeName().intern(); // as names that come are
    this.size = (int) layout.byteSize();
    this.onWire = layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of an element. */
  public int size() {
    return size;
  }

  /** The class of arrays of such elements. */
  public Class<?> arrayType() {
    return arrayType;
  }

  ValueLayout layout() {
    return layout;
  }

  /** As elements travel: little-endian. */
  ValueLayout onWire() {
    return onWire;
  }

  Object newArray(int length) {
    return Array.newInstance(arrayType.componentType(), length);
  }

  /** How errors and envelopes name it: {@code double[]}. */
  String typeName() {
    return typeName;
  }

  static boolean isArray(Class<?> type) {
    for (ElementType each : ALL) {
      if (each.arrayType == type) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many elements a message has.
   *
   * @param typeName of an array, or of anything else, of which there is one
   */
  static long count(String typeName, long bytes) {
    for (ElementType each : ALL) {
      if (each.typeName.equals(typeName)) {
        return bytes / each.size;
      }
    }
    return 1;
  }

  static ElementType ofArray(Object array) {
    for (ElementType each : ALL) {
      if (each.arrayType == array.getClass()) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "an array of numbers is needed, not a " + array.getClass().getTypeName());
  }

  /** The array as a segment. */
  MemorySegment segment(Object array) {
    return switch (this) {
      case BYTE -> MemorySegment.ofArray((byte[]) array);
      case SHORT -> MemorySegment.ofArray((short[]) array);
      case CHAR -> MemorySegment.ofArray((char[]) array);
      case INT -> MemorySegment.ofArray((int[]) array);
      case LONG -> MemorySegment.ofArray((long[]) array);
      case FLOAT -> MemorySegment.ofArray((float[]) array);
      case DOUBLE -> MemorySegment.ofArray((double[]) array);
    };
  }
}
