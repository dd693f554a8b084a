package io.places.message;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Ties a Java type to its Protocol Buffers encoding and to its copy rule. Every message that crosses a
 * channel belongs to one.
 *
 * <table>
 * <caption>What may travel</caption>
 * <tr><th>Java type</th><th>on the wire</th><th>inside one JVM</th></tr>
 * <tr><td>generated protobuf message</td><td>itself</td><td>by reference: it is immutable</td></tr>
 * <tr><td>{@code String}, {@code Long}, {@code Integer}, {@code Short}, {@code Byte}, {@code
 *     Character}, {@code Boolean}, {@code Double}, {@code Float}</td>
 *     <td>a message with one field, number 1, as protobuf's wrapper types have it</td>
 *     <td>by reference</td></tr>
 * <tr><td>{@code byte[]}</td><td>likewise, as {@code BytesValue}</td><td>copied once</td></tr>
 * </table>
 *
 * <p>Instances are immutable and safe for use by many threads. Resolved once per Java type.
 *
 * @param <T> the Java type
 */
public abstract class MessageType<T> {
  /**
   * How deep messages may be nested in messages when they are decoded: deep enough for every real
   * schema, far too shallow to exhaust a stack.
   */
  static final int RECURSION_LIMIT = 32;

  private final Class<T> javaType;

  protected MessageType(Class<T> javaType) {
    this.javaType = javaType;
  }

  /**
   * The message type of a class.
   *
   * @throws MessageNotAllowedException if values of the class cannot travel, saying what can
   */
  public static <T> MessageType<T> of(Class<T> javaType) {
    return MessageTypes.of(javaType);
  }

  /**
   * The message type of a type as reflection gives it.
   *
   * @throws MessageNotAllowedException if values of the type cannot travel, saying what can
   */
  public static MessageType<?> of(Type type) {
    if (type instanceof Class<?> javaType) {
      return of(javaType);
    }
    if (type instanceof ParameterizedType parameterized) {
      throw MessageTypes.notAllowed(parameterized.getTypeName());
    }
    throw new MessageNotAllowedException(
        "the message type "
            + type.getTypeName()
            + " is not known at run time: declare it with a concrete class");
  }

  /** The type of a direction in which nothing is ever sent: there is no value to put. */
  public static MessageType<Void> nothing() {
    return NothingType.INSTANCE;
  }

  /** The class of the values. */
  public final Class<T> javaType() {
    return javaType;
  }

  /** The name by which two nodes make sure that they mean the same type. */
  public String name() {
    return javaType.getName();
  }

  /**
   * Checks that a value may travel as this type.
   *
   * @throws MessageNotAllowedException for null and for values of another class
   */
  public final T check(@Nullable Object value) {
    if (value == null) {
      throw new MessageNotAllowedException(
          "null is no message; this end sends " + javaType.getName());
    }
    if (!javaType.isInstance(value)) {
      throw new MessageNotAllowedException(
          "a value of "
              + value.getClass().getName()
              + " cannot travel on this end, which sends "
              + javaType.getName());
    }
    T message = javaType.cast(value);
    checkContent(message);
    return message;
  }

  /** What another place of the same JVM gets: the value itself if it is immutable, else a copy. */
  public T copy(T message) {
    return message;
  }

  /**
   * What a message counts against a channel's byte credit while it stays in this JVM. Constant time; 0
   * for kinds that are never large.
   */
  public int weight(T message) {
    return 0;
  }

  /** The protobuf encoding. */
  public abstract byte[] encode(T message);

  /**
   * Reads a protobuf encoding.
   *
   * @throws ProtocolException if the bytes are no encoding of this type
   */
  public abstract T decode(byte[] bytes, int offset, int length);

  /** Refuses values of the right class whose content cannot travel. */
  void checkContent(T message) {}

  @Override
  public String toString() {
    return "MessageType[" + name() + "]";
  }
}
