package io.places.message;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.google.protobuf.Message;
import io.places.MessageNotAllowedException;

/** Finds the message type of a class, once per class. */
final class MessageTypes {
  /** Weak keys, so that a type does not keep the class loader of a finished place alive. */
  private static final LoadingCache<Class<?>, MessageType<?>> RESOLVED =
      Caffeine.newBuilder().weakKeys().weakValues().build(MessageTypes::resolve);

  private MessageTypes() {}

  @SuppressWarnings("unchecked") // resolve() answers the type of the class it is given
  static <T> MessageType<T> of(Class<T> javaType) {
    MessageType<?> scalar = ScalarType.find(javaType);
    return (MessageType<T>) (scalar != null ? scalar : RESOLVED.get(javaType));
  }

  static MessageNotAllowedException notAllowed(String typeName) {
    return new MessageNotAllowedException(
        typeName
            + " cannot travel between places; what can: generated protobuf messages, String,"
            + " byte[] and boxed primitives");
  }

  private static MessageType<?> resolve(Class<?> javaType) {
    if (Message.class.isAssignableFrom(javaType)) {
      return ProtobufType.resolve(javaType.asSubclass(Message.class));
    }
    throw notAllowed(javaType.getTypeName());
  }
}
