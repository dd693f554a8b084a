package io.places.mapreduce;

import io.places.MessageNotAllowedException;
import io.places.message.MessageType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/*
 * A copy that travels has lost some of what a mapper sees: the order of a map or a set, and that a list can be
 * changed. So what has a collection in it is not copied.
 */
/**
 * Copies keys and values whose owner may change them later, where that is known how: what may travel as a message by
 * its class, and has neither collections nor records with type arguments in it. All else stays the same object. Used by
 * one thread.
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
    if (!isCopiedAsItIs(of, new HashSet<>())) {
      return Optional.empty();
    }
    try {
      return Optional.of(MessageType.of(of));
    } catch (MessageNotAllowedException e) {
      return Optional.empty();
    }
  }

  private static boolean isCopiedAsItIs(Type type, Set<Type> seen) {
    if (!seen.add(type)) {
      return true; // as far as is known
    }
    return switch (type) {
      case ParameterizedType of ->
          of.getRawType() == Optional.class
              && isCopiedAsItIs(of.getActualTypeArguments()[0], seen);
      case Class<?> of when of.isRecord() ->
          Stream.of(of.getRecordComponents())
              .map(RecordComponent::getGenericType)
              .allMatch(each -> isCopiedAsItIs(each, seen));
      case Class<?> of when of.isSealed() ->
          Stream.of(of.getPermittedSubclasses()).allMatch(each -> isCopiedAsItIs(each, seen));
      case Class<?> of when of.isArray() -> isCopiedAsItIs(of.componentType(), seen);
      case Class<?> _ -> true; // or it may not travel
      default -> false;
    };
  }

  private static <T> Object copied(MessageType<T> type, Object original) {
    return type.copy(type.cast(original));
  }
}
