package io.places.message;

import org.jspecify.annotations.Nullable;

/** A component that always has a value; its default is left out on the wire. */
record PlainField(int number, int tag, ValueCodec value) implements FieldCodec {

  static PlainField of(int number, ValueCodec value) {
    return new PlainField(number, FieldCodec.tag(number, value.wireType()), value);
  }

  @Override
  public int[] tags() {
    return new int[] {tag};
  }

  @Override
  public void write(MessageWriter out, @Nullable Object component) {
    if (component == null) {
      throw Refusal.ofNull();
    }
    if (!value.isDefault(component)) {
      value.write(out, component);
      out.tag(tag);
    }
  }

  @Override
  public Object read(MessageReader in, int found, @Nullable Object soFar) {
    return value.read(in); // of several the last counts
  }

  @Override
  public Object finish(@Nullable Object soFar) {
    return soFar == null ? value.defaultValue() : soFar;
  }

  @Override
  public Object admit(@Nullable Object component, Admission admission) {
    if (component == null) {
      throw Refusal.ofNull();
    }
    return value.admit(component, admission);
  }

  @Override
  public int weight(@Nullable Object component) {
    return component == null ? 0 : value.weight(component);
  }

  @Override
  public String proto(ProtoFile file, String name) {
    return "%s %s = %d".formatted(value.protoType(file), name, number);
  }
}
