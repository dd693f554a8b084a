package io.places.rmpi;

import io.places.MessageNotAllowedException;
import io.places.message.MessageType;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a message holds, in the sender's JVM. */
sealed interface Payload {
  /** As envelopes name its type. */
  String typeName();

  long count();

  /** How much memory it takes. */
  long bytes();

  /** Whether the sender can change it, so that it must be copied before the sender goes on. */
  boolean isBorrowed();

  /** One that the sender cannot change. */
  Payload kept();

  /** All of it, as it travels. */
  byte[] encode();

  /** Elements of the sender's array. */
  record Elements(Slice slice, boolean isBorrowed) implements Payload {
    @Override
    public String typeName() {
      return slice.type().typeName();
    }

    @Override
    public long count() {
      return slice.elements();
    }

    @Override
    public long bytes() {
      return slice.bytes();
    }

    @Override
    public Payload kept() {
      return isBorrowed ? new Elements(Slice.of(slice.toArray()), false) : this;
    }

    @Override
    public byte[] encode() {
      return slice.encode(0, slice.count());
    }
  }

  /** A value of a message type; nobody can change it. */
  record Value<T>(MessageType<T> type, T value) implements Payload {
    @Override
    public String typeName() {
      return type.name();
    }

    @Override
    public long count() {
      return 1;
    }

    @Override
    public long bytes() {
      return type.weight(value);
    }

    @Override
    public boolean isBorrowed() {
      return false;
    }

    @Override
    public Payload kept() {
      return this;
    }

    @Override
    public byte[] encode() {
      return type.encode(value);
    }
  }

  /** What a message to be sent holds. */
  static Payload of(Object message) {
    if (message instanceof Slice slice) {
      return new Elements(slice, true);
    }
    if (ElementType.isArray(message.getClass())) {
      return new Elements(Slice.of(message), true);
    }
    return value(MessageType.of(classOf(message)), message);
  }

  /**
   * The class as which a value travels: its own.
   *
   * @throws MessageNotAllowedException if its declaration alone would say what it is
   */
  @SuppressWarnings("unchecked") // an object is of its own class
  static <T> Class<T> classOf(T value) {
    if (value instanceof Enum<?> constant) {
      return (Class<T>) constant.getDeclaringClass(); // constants with a body are of classes of their own
    }
    if (value instanceof Collection<?> || value instanceof Map<?, ?> || value instanceof Optional<?>) {
      throw new MessageNotAllowedException(
          "%s says nothing of what is in it; make it a component of a record, whose declaration does"
              .formatted(value.getClass().getTypeName()));
    }
    return (Class<T>) value.getClass();
  }

  /**
   * The class as which a value takes part in an operation of all ranks: the sealed interface that permits its own, if
   * there is one, as other ranks may have another that it permits.
   */
  @SuppressWarnings("unchecked") // an interface of its class
  static <T> Class<T> commonClassOf(T value) {
    return (Class<T>) CommonClasses.OF.get(classOf(value));
  }

  /** Refuses what {@link #of} refuses. */
  static void require(Object message) {
    if (!(Objects.requireNonNull(message, "message") instanceof Slice)
        && !ElementType.isArray(message.getClass())) {
      requireValue(MessageType.of(classOf(message)), message);
    }
  }

  private static <T> void requireValue(MessageType<T> type, Object message) {
    Objects.requireNonNull(type.check(message));
  }

  private static <T> Payload value(MessageType<T> type, Object message) {
    return new Value<>(type, type.copy(type.check(message)));
  }
}
