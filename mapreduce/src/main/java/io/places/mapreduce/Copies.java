package io.places.mapreduce;

import io.places.MessageNotAllowedException;
import io.places.message.MessageType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Copies keys and values whose owner may change them later, where that is known how: what may travel as a message by
 * its class. All else stays the same object. Used by one thread.
 */
final class Copies {
  /** To ask for a type that may not travel takes time; so each class is asked for once. */
  private final Map<Class<?>, Optional<MessageType<?>>> types = new HashMap<>();

  /** A copy, or the same object if it is immutable or cannot be copied. */
  Object of(Object original) {
    try {
      return types
          .computeIfAbsent(original.getClass(), Copies::type)
          .map(type -> copied(type, original))
          .orElse(original);
    } catch (MessageNotAllowedException e) { // for what is in it
      return original;
    }
  }

  private static Optional<MessageType<?>> type(Class<?> of) {
    try {
      return Optional.of(MessageType.of(of));
    } catch (MessageNotAllowedException e) {
      return Optional.empty();
    }
  }

  private static <T> Object copied(MessageType<T> type, Object original) {
    return type.copy(type.cast(original));
  }
}
