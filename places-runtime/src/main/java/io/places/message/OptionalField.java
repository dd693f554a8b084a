package io.places.message;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A component that may have no value; one that is there is written even if it is the default. */
record OptionalField(int number, int tag, ValueCodec value) implements FieldCodec {

  static OptionalField of(int number, ValueCodec value) {
    return new OptionalField(number, FieldCodec.tag(number, value.wireType()), value);
  }

  @Override
  public int[] tags() {
    return new int[] {tag};
  }

  @Override
  public void write(MessageWriter out, @Nullable Object component) {
    Optional<?> optional = optional(component);
    if (optional.isPresent()) {
      value.write(out, optional.get());
      out.tag(tag);
    }
  }

  @Override
  public Object read(MessageReader in, int found, @Nullable Object soFar) {
    return Optional.of(value.read(in));
  }

  @Override
  public Object finish(@Nullable Object soFar) {
    return soFar == null ? Optional.empty() : soFar;
  }

  @Override
  public Object admit(@Nullable Object component, Admission admission) {
    Optional<?> optional = optional(component);
    if (optional.isEmpty()) {
      return optional;
    }
    Object admitted = value.admit(optional.get(), admission);
    return Admission.same(admitted, optional.get()) ? optional : Optional.of(admitted);
  }

  @Override
  public int weight(@Nullable Object component) {
    return component instanceof Optional<?> optional && optional.isPresent()
        ? value.weight(optional.get())
        : 0;
  }

  @Override
  public String proto(ProtoFile file, String name) {
    return "optional %s %s = %d".formatted(value.protoType(file), name, number);
  }

  private static Optional<?> optional(@Nullable Object component) {
    if (component == null) {
      throw new Refusal("null cannot travel; for no value there is Optional.empty()");
    }
    if (!(component instanceof Optional<?> optional)) {
      throw Refusal.ofClass(component, Optional.class.getName());
    }
    return optional;
  }
}
