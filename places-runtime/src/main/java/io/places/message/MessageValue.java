package io.places.message;

import com.google.protobuf.WireFormat;

/** A message inside a message. It is written even when it is empty: it is there. */
record MessageValue(MessageCodec codec) implements ValueCodec {
  private static final byte[] EMPTY = {};

  @Override
  public int wireType() {
    return WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  @Override
  public void write(MessageWriter out, Object value) {
    int mark = out.enter();
    codec.write(out, value);
    out.leave(mark);
  }

  @Override
  public Object read(MessageReader in) {
    int outer = in.enter();
    Object value = codec.read(in);
    in.leave(outer);
    return value;
  }

  @Override
  public boolean isDefault(Object value) {
    return false;
  }

  @Override
  public Object defaultValue() {
    return codec.read(new MessageReader(EMPTY, 0, 0, MessageContext.NONE));
  }

  @Override
  public Object admit(Object value, Admission admission) {
    admission.enter();
    admission.adds(FieldCodec.MOST_LENGTH);
    Object admitted = codec.admit(value, admission);
    admission.leave();
    return admitted;
  }

  @Override
  public int weight(Object value) {
    return codec.weight(value);
  }

  @Override
  public String protoType(ProtoFile file) {
    return codec.protoName(file);
  }
}
