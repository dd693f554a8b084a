package io.places.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The values that are one scalar of protobuf's. Integers travel as varints, whatever their width. */
enum Scalar implements ValueCodec {
  LONG(Long.class, 0L, WireFormat.WIRETYPE_VARINT, "int64") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.varint((Long) value);
    }

    @Override
    public boolean isDefault(Object value) {
      return (Long) value == 0;
    }

    @Override
    public Object read(MessageReader in) {
      return in.int64();
    }
  },
  INT(Integer.class, 0, WireFormat.WIRETYPE_VARINT, "int32") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.varint((Integer) value);
    }

    @Override
    public boolean isDefault(Object value) {
      return (Integer) value == 0;
    }

    @Override
    public Object read(MessageReader in) {
      return in.int32();
    }
  },
  SHORT(Short.class, (short) 0, WireFormat.WIRETYPE_VARINT, "int32") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.varint((Short) value);
    }

    @Override
    public boolean isDefault(Object value) {
      return (Short) value == 0;
    }

    @Override
    public Object read(MessageReader in) {
      return (short) in.int16();
    }
  },
  BYTE(Byte.class, (byte) 0, WireFormat.WIRETYPE_VARINT, "int32") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.varint((Byte) value);
    }

    @Override
    public boolean isDefault(Object value) {
      return (Byte) value == 0;
    }

    @Override
    public Object read(MessageReader in) {
      return (byte) in.int8();
    }
  },
  CHAR(Character.class, (char) 0, WireFormat.WIRETYPE_VARINT, "int32") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.varint((Character) value);
    }

    @Override
    public boolean isDefault(Object value) {
      return (Character) value == 0;
    }

    @Override
    public Object read(MessageReader in) {
      return (char) in.char16();
    }
  },
  BOOLEAN(Boolean.class, false, WireFormat.WIRETYPE_VARINT, "bool") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.varint((Boolean) value ? 1 : 0);
    }

    @Override
    public boolean isDefault(Object value) {
      return !(Boolean) value;
    }

    @Override
    public Object read(MessageReader in) {
      return in.bool();
    }
  },
  DOUBLE(Double.class, 0.0, WireFormat.WIRETYPE_FIXED64, "double") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.fixed64(Double.doubleToRawLongBits((Double) value));
    }

    @Override
    public boolean isDefault(Object value) {
      return Double.doubleToRawLongBits((Double) value) == 0; // -0.0 is not the default
    }

    @Override
    public Object read(MessageReader in) {
      return in.float64();
    }
  },
  FLOAT(Float.class, 0.0f, WireFormat.WIRETYPE_FIXED32, "float") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.fixed32(Float.floatToRawIntBits((Float) value));
    }

    @Override
    public boolean isDefault(Object value) {
      return Float.floatToRawIntBits((Float) value) == 0;
    }

    @Override
    public Object read(MessageReader in) {
      return in.float32();
    }
  },
  STRING(String.class, "", WireFormat.WIRETYPE_LENGTH_DELIMITED, "string") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.string((String) value);
    }

    @Override
    public boolean isDefault(Object value) {
      return ((String) value).isEmpty();
    }

    @Override
    public Object read(MessageReader in) {
      return in.string();
    }

    @Override
    public Object admit(Object value, Admission admission) {
      if (!(value instanceof String text)) {
        throw Refusal.ofClass(value, String.class.getName());
      }
      int size = text.length() / CHARS_LOOKED_AT_IN_THE_TIME_OF_A_VALUE;
      if (admission.remembers(text, size, this)) {
        return text;
      }
      long before = admission.bytes();
      admission.adds(FieldCodec.MOST_LENGTH + MOST_OF_A_CHAR * text.length());
      if (Utf8.hasLoneSurrogate(text)) {
        throw Utf8.loneSurrogate(text);
      }
      admission.remember(text, size, this, before, this::write);
      return text;
    }

    @Override
    public int weight(Object value) {
      return ((String) value).length();
    }
  },
  BYTES(byte[].class, new byte[0], WireFormat.WIRETYPE_LENGTH_DELIMITED, "bytes") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.lengthDelimited((byte[]) value);
    }

    @Override
    public Object read(MessageReader in) {
      return in.lengthDelimited();
    }

    @Override
    public boolean isDefault(Object value) {
      return ((byte[]) value).length == 0;
    }

    @Override
    public Object admit(Object value, Admission admission) {
      if (!(value instanceof byte[] array)) {
        throw Refusal.ofClass(value, byte[].class.getTypeName());
      }
      return admission.copies(array.length) ? array.clone() : array;
    }

    @Override
    public int weight(Object value) {
      return ((byte[]) value).length;
    }
  },
  UUID(UUID.class, new UUID(0, 0), WireFormat.WIRETYPE_LENGTH_DELIMITED, "bytes") {
    @Override
    public void write(MessageWriter out, Object value) {
      UUID uuid = (UUID) value;
      out.lengthDelimited(
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(uuid.getMostSignificantBits())
              .putLong(uuid.getLeastSignificantBits())
              .array());
    }

    @Override
    public Object read(MessageReader in) {
      byte[] bytes = in.lengthDelimited();
      if (bytes.length == 0) {
        return defaultValue();
      }
      if (bytes.length != 2 * Long.BYTES) {
        throw new Refusal("a UUID of %d bytes; it has %d".formatted(bytes.length, 2 * Long.BYTES));
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new UUID(buffer.getLong(), buffer.getLong());
    }
  },
  DATE(LocalDate.class, LocalDate.EPOCH, WireFormat.WIRETYPE_VARINT, "sint64") {
    @Override
    public void write(MessageWriter out, Object value) {
      out.varint(CodedOutputStream.encodeZigZag64(((LocalDate) value).toEpochDay()));
    }

    @Override
    public Object read(MessageReader in) {
      return LocalDate.ofEpochDay(CodedInputStream.decodeZigZag64(in.int64()));
    }
  };

  private static final int CHARS_LOOKED_AT_IN_THE_TIME_OF_A_VALUE = 16;

  /** In UTF-8; half a surrogate pair takes two. */
  private static final long MOST_OF_A_CHAR = 3;

  /** Of a varint; a UUID has seventeen with its length. */
  private static final int MOST_OF_A_NUMBER = 10;

  private static final Map<Class<?>, Scalar> BY_TYPE = new HashMap<>();

  static {
    for (Scalar scalar : values()) {
      BY_TYPE.put(scalar.javaType, scalar);
    }
    BY_TYPE.put(long.class, LONG);
    BY_TYPE.put(int.class, INT);
    BY_TYPE.put(short.class, SHORT);
    BY_TYPE.put(byte.class, BYTE);
    BY_TYPE.put(char.class, CHAR);
    BY_TYPE.put(boolean.class, BOOLEAN);
    BY_TYPE.put(double.class, DOUBLE);
    BY_TYPE.put(float.class, FLOAT);
  }

  private final Class<?> javaType;
  @SuppressWarnings("ImmutableEnumChecker") // a box, a String or an array of length 0
  private final Object defaultValue;
  private final int wireType;
  private final String protoType;

  Scalar(Class<?> javaType, Object defaultValue, int wireType, String protoType) {
    this.javaType = javaType;
    this.defaultValue = defaultValue;
    this.wireType = wireType;
    this.protoType = protoType;
  }

  /** No fewer bytes than any number, date or UUID takes. */
  int mostBytes() {
    return wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED ? 2 * MOST_OF_A_NUMBER : MOST_OF_A_NUMBER;
  }

  /** The scalar of a class, boxed or primitive; null if there is none. */
  static @Nullable Scalar find(Class<?> javaType) {
    return BY_TYPE.get(javaType);
  }

  @Override
  public int wireType() {
    return wireType;
  }

  @Override
  public boolean isDefault(Object value) {
    return value.equals(defaultValue);
  }

  @Override
  public Object defaultValue() {
    return defaultValue;
  }

  @Override
  public Object admit(Object value, Admission admission) {
    if (!javaType.isInstance(value)) {
      throw Refusal.ofClass(value, javaType.getName());
    }
    admission.adds(mostBytes());
    return value;
  }

  @Override
  public String protoType(ProtoFile file) {
    return protoType;
  }
}
