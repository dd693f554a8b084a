package io.places.message;

import com.google.protobuf.WireFormat;
import java.util.List;

/** An enum: its constants are numbered in order from 0, and the first is the default. */
record EnumValue(Class<?> type, List<Object> constants) implements ValueCodec {
  private static final int MOST_BYTES = 5;

  static EnumValue of(Class<?> type) {
    if (type.getEnumConstants().length == 0) {
      throw new Refusal("an enum without constants has no values to send");
    }
    return new EnumValue(type, List.of(type.getEnumConstants()));
  }

  @Override
  public int wireType() {
    return WireFormat.WIRETYPE_VARINT;
  }

  @Override
  public void write(MessageWriter out, Object value) {
    out.varint(ordinal(value));
  }

  @Override
  public Object read(MessageReader in) {
    int number = in.int32();
    if (number < 0 || number >= constants.size()) {
      throw new Refusal(
          "%d is no number of enum %s, whose constants have 0 to %d; does the peer have a newer one?"
              .formatted(number, type.getName(), constants.size() - 1));
    }
    return constants.get(number);
  }

  @Override
  public boolean isDefault(Object value) {
    return ordinal(value) == 0;
  }

  @Override
  public Object defaultValue() {
    return constants.getFirst();
  }

  @Override
  public Object admit(Object value, Admission admission) {
    if (!type.isInstance(value)) {
      throw Refusal.ofClass(value, type.getName());
    }
    admission.adds(MOST_BYTES);
    return value;
  }

  @Override
  public String protoType(ProtoFile file) {
    return file.enumName(type);
  }

  @SuppressWarnings("EnumOrdinal") // the order of the constants is the contract, see MessageType
  private static int ordinal(Object value) {
    return ((Enum<?>) value).ordinal();
  }
}
