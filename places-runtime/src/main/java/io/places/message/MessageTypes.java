package io.places.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.places.MessageNotAllowedException;
import java.lang.reflect.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * A message type refers to its class, so a cache from class to message type that holds its values would
 * never let a class go, however weak its keys; one with weak values would make codecs anew whenever
 * nobody happens to hold them. So each cache hangs on a class itself, as a ClassValue, and goes with it:
 * on the class among those that the type mentions whose loader sees the others. List<Order> hangs on
 * Order, List<Long> on a class of ours.
 */

/** Finds the message type of a type, made once. */
final class MessageTypes {
  private static final ClassValue<Cache<Type, MessageType<?>>> RESOLVED =
      new ClassValue<>() {
        @Override
        protected Cache<Type, MessageType<?>> computeValue(Class<?> anchor) {
          return Caffeine.newBuilder().build();
        }
      };

  private MessageTypes() {}

  static MessageType<?> of(Type type) {
    if (type == Void.class) {
      return MessageType.nothing();
    }
    Type concrete;
    try {
      concrete = Types.concrete(type, Map.of());
    } catch (Refusal e) {
      throw new MessageNotAllowedException(e.describe(type.getTypeName()), e.getCause());
    }
    MessageType<?> known = find(concrete);
    if (known != null) {
      return known;
    }
    try {
      return resolve(concrete);
    } catch (Refusal e) {
      throw new MessageNotAllowedException(e.describe(Types.simpleName(concrete)), e.getCause());
    }
  }

  static @Nullable MessageType<?> find(Type concrete) {
    return cache(concrete).getIfPresent(concrete);
  }

  private static MessageType<?> resolve(Type concrete) {
    TypeResolver resolver = new TypeResolver();
    MessageType<?> type = resolver.messageType(concrete);
    resolver.resolved().forEach(MessageTypes::keep);
    return keep(concrete, type);
  }

  /** The first one wins, should two threads resolve a type at a time. */
  private static MessageType<?> keep(Type concrete, MessageType<?> made) {
    return cache(concrete).get(concrete, absent -> made);
  }

  private static Cache<Type, MessageType<?>> cache(Type concrete) {
    Class<?> anchor = MessageType.class;
    for (Class<?> mentioned : Types.mentioned(concrete)) {
      if (!sees(anchor.getClassLoader(), mentioned.getClassLoader())) {
        anchor = mentioned;
      }
    }
    return RESOLVED.get(anchor);
  }

  private static boolean sees(@Nullable ClassLoader from, @Nullable ClassLoader loader) {
    if (loader == null) {
      return true;
    }
    for (ClassLoader at = from; at != null; at = at.getParent()) {
      if (at.equals(loader)) {
        return true;
      }
    }
    return false;
  }
}
