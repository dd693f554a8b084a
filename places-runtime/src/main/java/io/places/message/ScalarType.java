package io.places.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value as field 1 of a message of its own, as in protobuf's wrapper types (wrappers.proto): what
 * {@code StringValue}, {@code Int64Value} and their like write is what we read, and the reverse. A
 * default value (0, "", false) is written as no field at all.
 */
final class ScalarType<T> extends MessageType<T> {
  private static final int FIELD = 1;

  private static final Map<Class<?>, ScalarType<?>> SCALARS =
      Map.ofEntries(
          entry(String.class, "", new StringCodec()),
          entry(byte[].class, new byte[0], new BytesCodec()),
          entry(Long.class, 0L, new LongCodec()),
          entry(Integer.class, 0, new IntCodec()),
          entry(Short.class, (short) 0, new ShortCodec()),
          entry(Byte.class, (byte) 0, new ByteCodec()),
          entry(Character.class, (char) 0, new CharCodec()),
          entry(Boolean.class, false, new BooleanCodec()),
          entry(Double.class, 0.0, new DoubleCodec()),
          entry(Float.class, 0.0f, new FloatCodec()));

  private final T defaultValue;
  private final Codec<T> codec;

  private ScalarType(Class<T> javaType, T defaultValue, Codec<T> codec) {
    super(javaType);
    this.defaultValue = defaultValue;
    this.codec = codec;
  }

  static @Nullable ScalarType<?> find(Class<?> javaType) {
    return SCALARS.get(javaType);
  }

  @Override
  public T copy(T message) {
    return codec.copy(message);
  }

  @Override
  public int weight(T message) {
    return codec.weight(message);
  }

  @Override
  void checkContent(T message) {
    codec.check(message);
  }

  @Override
  public byte[] encode(T message) {
    if (codec.isDefault(message)) {
      return new byte[0];
    }
    byte[] bytes = new byte[1 + codec.size(message)]; // the tag of field 1 takes one byte
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeTag(FIELD, codec.wireType());
      codec.write(out, message);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new AssertionError("the array is as long as the encoding", e);
    }
    return bytes;
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    CodedInputStream in = CodedInputStream.newInstance(bytes, offset, length);
    in.setRecursionLimit(RECURSION_LIMIT);
    int expected = (FIELD << 3) | codec.wireType();
    T value = codec.copy(defaultValue);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == expected) {
          value = codec.read(in);
        } else if (!in.skipField(tag)) {
          throw new ProtocolException(
              "%d bytes are no %s: unexpected end of group".formatted(length, name()));
        }
      }
      return value;
    } catch (IOException e) {
      throw new ProtocolException(
          "%d bytes are no %s: %s".formatted(length, name(), e.getMessage()), e);
    }
  }

  private static <T> Map.Entry<Class<?>, ScalarType<?>> entry(
      Class<T> javaType, T defaultValue, Codec<T> codec) {
    return Map.entry(javaType, new ScalarType<>(javaType, defaultValue, codec));
  }

  /** How one Java type is written as the content of a field. */
  private abstract static class Codec<T> {
    abstract int wireType();

    /** The size of the content, a length prefix included. */
    abstract int size(T value);

    abstract void write(CodedOutputStream out, T value) throws IOException;

    abstract T read(CodedInputStream in) throws IOException;

    abstract boolean isDefault(T value);

    T copy(T value) {
      return value;
    }

    int weight(T value) {
      return 0;
    }

    void check(T value) {}
  }

  private static final class StringCodec extends Codec<String> {
    @Override
    int wireType() {
      return WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    @Override
    int size(String value) {
      return CodedOutputStream.computeStringSizeNoTag(value);
    }

    @Override
    void write(CodedOutputStream out, String value) throws IOException {
      out.writeStringNoTag(value);
    }

    @Override
    String read(CodedInputStream in) throws IOException {
      return in.readStringRequireUtf8();
    }

    @Override
    boolean isDefault(String value) {
      return value.isEmpty();
    }

    @Override
    int weight(String value) {
      return value.length();
    }

    @Override
    void check(String value) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (Character.isSurrogate(c)) {
          if (Character.isHighSurrogate(c)
              && i + 1 < value.length()
              && Character.isLowSurrogate(value.charAt(i + 1))) {
            i++;
          } else {
            throw new MessageNotAllowedException(
                "a String with an unpaired surrogate (U+%04X at index %d) has no UTF-8 form and cannot travel; send it as byte[]"
                    .formatted((int) c, i));
          }
        }
      }
    }
  }

  private static final class BytesCodec extends Codec<byte[]> {
    @Override
    int wireType() {
      return WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    @Override
    int size(byte[] value) {
      return CodedOutputStream.computeByteArraySizeNoTag(value);
    }

    @Override
    void write(CodedOutputStream out, byte[] value) throws IOException {
      out.writeByteArrayNoTag(value);
    }

    @Override
    byte[] read(CodedInputStream in) throws IOException {
      return in.readByteArray();
    }

    @Override
    boolean isDefault(byte[] value) {
      return value.length == 0;
    }

    @Override
    byte[] copy(byte[] value) {
      return value.clone();
    }

    @Override
    int weight(byte[] value) {
      return value.length;
    }
  }

  /** All integers travel as varints; the narrow ones check their range when they are read. */
  private abstract static class VarintCodec<T> extends Codec<T> {
    abstract long toLong(T value);

    abstract T fromLong(long value);

    @Override
    int wireType() {
      return WireFormat.WIRETYPE_VARINT;
    }

    @Override
    int size(T value) {
      return CodedOutputStream.computeInt64SizeNoTag(toLong(value));
    }

    @Override
    void write(CodedOutputStream out, T value) throws IOException {
      out.writeInt64NoTag(toLong(value));
    }

    @Override
    T read(CodedInputStream in) throws IOException {
      return fromLong(in.readInt64());
    }

    @Override
    boolean isDefault(T value) {
      return toLong(value) == 0;
    }

    static long inRange(long value, long min, long max, String type) {
      if (value < min || value > max) {
        throw new ProtocolException(
            "%d is no %s, which goes from %d to %d".formatted(value, type, min, max));
      }
      return value;
    }
  }

  private static final class LongCodec extends VarintCodec<Long> {
    @Override
    long toLong(Long value) {
      return value;
    }

    @Override
    Long fromLong(long value) {
      return value;
    }
  }

  private static final class IntCodec extends VarintCodec<Integer> {
    @Override
    long toLong(Integer value) {
      return value;
    }

    @Override
    Integer fromLong(long value) {
      return (int) value; // protobuf truncates an int32, so that int64 fields can be narrowed
    }
  }

  private static final class ShortCodec extends VarintCodec<Short> {
    @Override
    long toLong(Short value) {
      return value;
    }

    @Override
    Short fromLong(long value) {
      return (short) inRange(value, Short.MIN_VALUE, Short.MAX_VALUE, "Short");
    }
  }

  private static final class ByteCodec extends VarintCodec<Byte> {
    @Override
    long toLong(Byte value) {
      return value;
    }

    @Override
    Byte fromLong(long value) {
      return (byte) inRange(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "Byte");
    }
  }

  private static final class CharCodec extends VarintCodec<Character> {
    @Override
    long toLong(Character value) {
      return value;
    }

    @Override
    Character fromLong(long value) {
      return (char) inRange(value, Character.MIN_VALUE, Character.MAX_VALUE, "Character");
    }
  }

  private static final class BooleanCodec extends VarintCodec<Boolean> {
    @Override
    long toLong(Boolean value) {
      return value ? 1 : 0;
    }

    @Override
    Boolean fromLong(long value) {
      return value != 0;
    }
  }

  private static final class DoubleCodec extends Codec<Double> {
    @Override
    int wireType() {
      return WireFormat.WIRETYPE_FIXED64;
    }

    @Override
    int size(Double value) {
      return Double.BYTES;
    }

    @Override
    void write(CodedOutputStream out, Double value) throws IOException {
      out.writeDoubleNoTag(value);
    }

    @Override
    Double read(CodedInputStream in) throws IOException {
      return in.readDouble();
    }

    @Override
    boolean isDefault(Double value) {
      return Double.doubleToRawLongBits(value) == 0; // -0.0 is not the default
    }
  }

  private static final class FloatCodec extends Codec<Float> {
    @Override
    int wireType() {
      return WireFormat.WIRETYPE_FIXED32;
    }

    @Override
    int size(Float value) {
      return Float.BYTES;
    }

    @Override
    void write(CodedOutputStream out, Float value) throws IOException {
      out.writeFloatNoTag(value);
    }

    @Override
    Float read(CodedInputStream in) throws IOException {
      return in.readFloat();
    }

    @Override
    boolean isDefault(Float value) {
      return Float.floatToRawIntBits(value) == 0;
    }
  }
}
