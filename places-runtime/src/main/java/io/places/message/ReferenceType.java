package io.places.message;

import java.util.List;
import java.util.function.BiFunction;

/**
 * The type of values that travel as references, such as ends of channels: what arrives is another hold
 * on the same thing, not a copy. Within one JVM a value goes as it is; between nodes the {@link
 * MessageContext} of the connection turns it into a handle and back.
 *
 * @param <T> what is referred to
 */
public abstract class ReferenceType<T> extends MessageType<T> {
  protected ReferenceType(Class<T> javaType) {
    super(javaType);
  }

  @Override
  public final T copy(T message) {
    return message;
  }

  @Override
  public final Object copy(T message, BiFunction<Object, List<Object>, Object> referring) {
    return referring.apply(message, List.of(message));
  }

  @Override
  public final byte[] encode(T message, MessageContext context, int mostBytes) {
    return structure().encode(message, context, mostBytes);
  }

  @Override
  public final T decode(byte[] bytes, int offset, int length, MessageContext context) {
    return structure().decode(bytes, offset, length, context);
  }

  @Override
  public final String toProto() {
    return structure().toProto();
  }

  @Override
  final MessageCodec codec() {
    return new ReferenceCodec(this);
  }

  private StructuredType<T> structure() {
    return new StructuredType<>(javaType(), name(), javaType().getSimpleName(), codec());
  }
}
