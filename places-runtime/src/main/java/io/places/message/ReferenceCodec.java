package io.places.message;

/** A reference as the handle that the connection's context gives it, field 1. */
record ReferenceCodec(ReferenceType<?> type) implements MessageCodec {
  private static final int TAG = FieldCodec.lengthDelimited(1);
  private static final byte[] NO_HANDLE = {};

  /** Bytes of a handle, whose real size only the connection knows. */
  private static final int ABOUT_A_HANDLE = 64;

  @Override
  public void write(MessageWriter out, Object value) {
    if (out.isCounting()) {
      out.skip(ABOUT_A_HANDLE);
      return;
    }
    out.lengthDelimited(handle(type, value, out.context()));
    out.tag(TAG);
  }

  @Override
  public Object read(MessageReader in) {
    byte[] handle = NO_HANDLE;
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == TAG) {
        handle = in.lengthDelimited();
      } else {
        in.skip(tag);
      }
    }
    if (handle.length == 0) {
      throw new Refusal("no handle of a " + type.name() + ", which has no default");
    }
    return reference(type, handle, in.context());
  }

  private static <T> byte[] handle(ReferenceType<T> type, Object value, MessageContext context) {
    return context.encodeReference(type, type.javaType().cast(value));
  }

  private static <T> Object reference(
      ReferenceType<T> type, byte[] handle, MessageContext context) {
    return context.decodeReference(type, handle);
  }

  @Override
  public Object admit(Object value, Admission admission) {
    if (!type.javaType().isInstance(value)) {
      throw Refusal.ofClass(value, type.name());
    }
    admission.adds(ABOUT_A_HANDLE);
    admission.refers(value);
    return value;
  }

  @Override
  public int weight(Object value) {
    return 0;
  }

  @Override
  public String protoName(ProtoFile file) {
    return file.define(
        "reference",
        "Reference",
        name -> "  // Given by the sender's node; means something to that connection only.\n  bytes handle = 1;\n");
  }
}
