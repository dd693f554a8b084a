package io.places.ndp;

import io.places.MessageNotAllowedException;
import io.places.message.MessageType;
import io.places.message.TypeArguments;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How the arguments and results of users' classes travel. Safe for use by many threads. */
final class Kinds {
  /**
   * What a class takes and gives.
   *
   * @param sizes of arguments
   * @param refusal why that cannot travel; empty if it can
   */
  record Kind(MessageType<?> argument, MessageType<?> result, Sizes sizes, String refusal) {
    boolean travels() {
      return refusal.isEmpty();
    }

    byte[] encodeArgument(Object argument) {
      return encode(argument(), argument, sizes());
    }

    byte[] encodeResult(Object result) {
      return encode(result(), result);
    }

    private static <T> byte[] encode(MessageType<T> type, Object value, Sizes sizes) {
      return sizes.encode(type, type.cast(value));
    }

    private static <T> byte[] encode(MessageType<T> type, Object value) {
      return type.encode(type.cast(value));
    }

    Object decodeArgument(byte[] bytes) {
      return argument.decode(bytes, 0, bytes.length);
    }

    Object decodeResult(byte[] bytes) {
      return result.decode(bytes, 0, bytes.length);
    }

    /** About how many bytes an argument takes. */
    long argumentBytes(Object argument) {
      return size(argument(), argument, sizes());
    }

    private static <T> long size(MessageType<T> type, Object value, Sizes sizes) {
      return sizes.of(type, type.cast(value));
    }
  }

  private final Map<Class<?>, Kind> known = new ConcurrentHashMap<>();

  /**
   * What a class takes and gives.
   *
   * @param as {@link DivideAndConquer} or {@link NdpWork}
   */
  Kind of(Class<?> type, Class<?> as) {
    return known.computeIfAbsent(type, absent -> find(type, as));
  }

  private static Kind find(Class<?> type, Class<?> as) {
    Type[] arguments = TypeArguments.of(type, as);
    try {
      return new Kind(MessageType.of(arguments[0]), MessageType.of(arguments[1]), new Sizes(), "");
    } catch (MessageNotAllowedException e) {
      return new Kind(
          MessageType.nothing(),
          MessageType.nothing(),
          new Sizes(),
          "%s cannot go to other processes: %s".formatted(type.getName(), e.getMessage()));
    }
  }
}
