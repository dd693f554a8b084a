package io.places.message;

/**
 * The codec of one record type. Its subclasses are made by {@link RecordCodecClass}, one for each record
 * type, and call back here when something goes wrong.
 */
abstract class RecordCodec implements MessageCodec {
  private final RecordShape shape;

  RecordCodec(RecordShape shape) {
    this.shape = shape;
  }

  /** Refuses what unchecked casts let in; the accessors do so where there are any. */
  final void expect(Object value) {
    if (!shape.type().isInstance(value)) {
      throw Refusal.ofClass(value, shape.type().getName());
    }
  }

  /** What to throw for what was thrown while a component of {@code value} was looked at. */
  final Refusal refused(RuntimeException e, int component, Object value) {
    expect(value);
    return unreadable(e, component);
  }

  /**
   * What to throw for what was thrown at a component.
   *
   * @param component its index; -1 between components; the number of components for the canonical
   *     constructor
   */
  final Refusal unreadable(RuntimeException e, int component) {
    if (component == shape.names().size()) {
      return new Refusal(
          "the constructor of %s refused the values: %s".formatted(shape.type().getName(), e), e);
    }
    Refusal refusal = Refusal.of(e);
    return component < 0 ? refusal : refusal.at("." + shape.names().get(component));
  }

  @Override
  public final String protoName(ProtoFile file) {
    return file.define(this, shape.typeName(), name -> file.fields(shape.names(), shape.fields()));
  }
}
