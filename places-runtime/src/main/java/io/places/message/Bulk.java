package io.places.message;

import com.google.protobuf.WireFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Arrays of numbers, which travel as one block of little-endian values of fixed width. */
enum Bulk {
  DOUBLES(double[].class, "double", ValueLayout.JAVA_DOUBLE_UNALIGNED) {
    @Override
    Object create(int length) {
      return new double[length];
    }

    @Override
    int length(Object array) {
      return ((double[]) array).length;
    }

    @Override
    Object resized(Object array, int length) {
      return Arrays.copyOf((double[]) array, length);
    }

    @Override
    MemorySegment segment(Object array) {
      return MemorySegment.ofArray((double[]) array);
    }
  },
  LONGS(long[].class, "sfixed64", ValueLayout.JAVA_LONG_UNALIGNED) {
    @Override
    Object create(int length) {
      return new long[length];
    }

    @Override
    int length(Object array) {
      return ((long[]) array).length;
    }

    @Override
    Object resized(Object array, int length) {
      return Arrays.copyOf((long[]) array, length);
    }

    @Override
    MemorySegment segment(Object array) {
      return MemorySegment.ofArray((long[]) array);
    }
  },
  INTS(int[].class, "sfixed32", ValueLayout.JAVA_INT_UNALIGNED) {
    @Override
    Object create(int length) {
      return new int[length];
    }

    @Override
    int length(Object array) {
      return ((int[]) array).length;
    }

    @Override
    Object resized(Object array, int length) {
      return Arrays.copyOf((int[]) array, length);
    }

    @Override
    MemorySegment segment(Object array) {
      return MemorySegment.ofArray((int[]) array);
    }
  },
  FLOATS(float[].class, "float", ValueLayout.JAVA_FLOAT_UNALIGNED) {
    @Override
    Object create(int length) {
      return new float[length];
    }

    @Override
    int length(Object array) {
      return ((float[]) array).length;
    }

    @Override
    Object resized(Object array, int length) {
      return Arrays.copyOf((float[]) array, length);
    }

    @Override
    MemorySegment segment(Object array) {
      return MemorySegment.ofArray((float[]) array);
    }
  };

  private final Class<?> arrayType;
  private final String protoType;
  @SuppressWarnings("ImmutableEnumChecker") // the JDK documents layouts as immutable
  private final ValueLayout layout;

  Bulk(Class<?> arrayType, String protoType, ValueLayout layout) {
    this.arrayType = arrayType;
    this.protoType = protoType;
    this.layout = layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  /** The kind of an array class; null if it is none of these. */
  static @Nullable Bulk find(Class<?> arrayType) {
    for (Bulk kind : values()) {
      if (kind.arrayType == arrayType) {
        return kind;
      }
    }
    return null;
  }

  Class<?> arrayType() {
    return arrayType;
  }

  abstract Object create(int length);

  abstract int length(Object array);

  abstract Object resized(Object array, int length);

  abstract MemorySegment segment(Object array);

  String protoType() {
    return protoType;
  }

  int width() {
    return (int) layout.byteSize();
  }

  int elementWireType() {
    return width() == Long.BYTES ? WireFormat.WIRETYPE_FIXED64 : WireFormat.WIRETYPE_FIXED32;
  }

  long bytes(Object array) {
    return (long) length(array) * width();
  }

  void write(MessageWriter out, Object array) {
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      out.raw(segment(array));
    } else {
      byte[] swapped = new byte[Math.toIntExact(bytes(array))];
      MemorySegment.copy(array, 0, MemorySegment.ofArray(swapped), layout, 0, length(array));
      out.raw(MemorySegment.ofArray(swapped));
    }
  }

  /** Copies the bytes to the array from an index on. */
  void read(MemorySegment from, Object array, int index) {
    MemorySegment.copy(from, layout, 0, array, index, (int) (from.byteSize() / width()));
  }
}
