package io.places.mapreduce;

import io.places.MessageNotAllowedException;
import io.places.message.MessageType;
import io.places.message.TypeArguments;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;

/**
 * How the pairs between map and reduce are encoded, as the mapper's declaration says.
 *
 * @param <K> the keys
 * @param <V> the values
 */
record PairTypes<K, V>(KeyType<K> key, MessageType<V> value) {

  /**
   * The types of the pairs that a mapper emits.
   *
   * @throws IllegalArgumentException if the class leaves them open, or they have no encoding
   */
  static PairTypes<?, ?> of(Class<?> mapper) {
    Type[] arguments = TypeArguments.of(mapper, Mapper.class);
    return new PairTypes<>(key(mapper, arguments[2]), value(mapper, arguments[3]));
  }

  private static KeyType<?> key(Class<?> mapper, Type type) {
    checkKnown(mapper, type, "keys");
    try {
      return KeyType.of(type);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "mapper %s: %s".formatted(mapper.getName(), e.getMessage()), e);
    }
  }

  private static MessageType<?> value(Class<?> mapper, Type type) {
    checkKnown(mapper, type, "values");
    try {
      return MessageType.of(type);
    } catch (MessageNotAllowedException e) {
      throw new IllegalArgumentException(
          "mapper %s emits values that cannot travel: %s"
              .formatted(mapper.getName(), e.getMessage()),
          e);
    }
  }

  private static void checkKnown(Class<?> mapper, Type type, String what) {
    if (type instanceof TypeVariable<?>) {
      throw new IllegalArgumentException(
          "mapper %s leaves the type of its %s open (%s): name it in a class, as in 'class M implements Mapper<Long, String, String, Long>'"
              .formatted(mapper.getName(), what, type.getTypeName()));
    }
  }
}
