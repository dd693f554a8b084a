package io.places.message;

import org.jspecify.annotations.Nullable;

/**
 * A message with one field, number 1, for what is no message by itself: a value at the top, as in
 * protobuf's wrapper types, or a list inside a list.
 */
record WrapperCodec(FieldCodec field, String typeName) implements MessageCodec {
  static final int FIELD = 1;

  @Override
  public void write(MessageWriter out, Object value) {
    field.write(out, value);
  }

  @Override
  public Object read(MessageReader in) {
    int[] tags = field.tags();
    @Nullable Object soFar = null;
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == tags[0] || tag == tags[tags.length - 1]) {
        soFar = field.read(in, tag, soFar);
      } else {
        in.skip(tag);
      }
    }
    return field.finish(soFar);
  }

  @Override
  public Object admit(Object value, Admission admission) {
    admission.adds(FieldCodec.MOST_TAG);
    return field.admit(value, admission);
  }

  @Override
  public int weight(Object value) {
    return field.weight(value);
  }

  @Override
  public String protoName(ProtoFile file) {
    return file.define(this, typeName, name -> "  %s;\n".formatted(field.proto(file, "value")));
  }
}
