package io.places.message;

import org.jspecify.annotations.Nullable;

/** An array that is handed over; on the wire it looks like the array. */
record TransferField(FieldCodec array, Class<?> arrayType) implements FieldCodec {

  @Override
  public int number() {
    return array.number();
  }

  @Override
  public int[] tags() {
    return array.tags();
  }

  @Override
  public void write(MessageWriter out, @Nullable Object component) {
    Transfer<?> transfer = transfer(component);
    Object held = held(transfer);
    out.moves(transfer, held);
    array.write(out, held);
  }

  @Override
  public Object read(MessageReader in, int tag, @Nullable Object soFar) {
    return array.read(in, tag, soFar);
  }

  @Override
  public Object finish(@Nullable Object soFar) {
    return Transfer.move(array.finish(soFar));
  }

  @Override
  public Object admit(@Nullable Object component, Admission admission) {
    Transfer<?> transfer = transfer(component);
    Object held = held(transfer);
    admission.moves(transfer, held);
    admission.adds(MOST_LENGTH + array.weight(held));
    return admission.copying() ? Transfer.move(held) : transfer;
  }

  @Override
  public int weight(@Nullable Object component) {
    return component instanceof Transfer<?> transfer ? array.weight(transfer.held()) : 0;
  }

  @Override
  public String proto(ProtoFile file, String name) {
    return array.proto(file, name);
  }

  private Object held(Transfer<?> transfer) {
    Object held = transfer.held();
    if (!arrayType.isInstance(held)) {
      throw Refusal.ofClass(held, arrayType.getTypeName());
    }
    return held;
  }

  private static Transfer<?> transfer(@Nullable Object component) {
    if (component == null) {
      throw Refusal.ofNull();
    }
    if (!(component instanceof Transfer<?> transfer)) {
      throw Refusal.ofClass(component, Transfer.class.getName());
    }
    return transfer;
  }
}
