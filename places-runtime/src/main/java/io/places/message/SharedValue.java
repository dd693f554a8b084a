package io.places.message;

import com.google.protobuf.WireFormat;

/** Memory that the places of one node share: handed on as it is, and never sent to another. */
record SharedValue(Class<?> type) implements ValueCodec {

  @Override
  public int wireType() {
    return WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  @Override
  public void write(MessageWriter out, Object value) {
    if (!out.isCounting()) {
      out.lengthDelimited(out.context().encodeShared((SharedMemory) value));
    }
  }

  @Override
  public Object read(MessageReader in) {
    SharedMemory memory = in.context().decodeShared(in.lengthDelimited());
    if (!type.isInstance(memory)) {
      throw Refusal.ofClass(memory, type.getName());
    }
    return memory;
  }

  @Override
  public boolean isDefault(Object value) {
    return false;
  }

  @Override
  public Object defaultValue() {
    throw new Refusal(type.getSimpleName() + " is memory of one node and has no default");
  }

  @Override
  public Object admit(Object value, Admission admission) {
    if (!type.isInstance(value)) {
      throw Refusal.ofClass(value, type.getName());
    }
    return value;
  }

  /** Never sent to another node; the field keeps its number. */
  @Override
  public String protoType(ProtoFile file) {
    return "bytes";
  }
}
