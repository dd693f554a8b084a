package io.places.message;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Ties a Java type to its Protocol Buffers encoding and to its copy rule. Every message that crosses a
 * channel belongs to one.
 *
 * <table>
 * <caption>What may travel</caption>
 * <tr><th>Java type</th><th>on the wire</th><th>if it is missing there</th>
 *     <th>inside one JVM</th></tr>
 * <tr><td>generated protobuf message</td><td>itself</td><td>its default instance</td>
 *     <td>by reference: it is immutable</td></tr>
 * <tr><td>{@code long}, {@code int}, {@code short}, {@code byte}, {@code char}, {@code boolean},
 *     {@code double}, {@code float}, and their boxes</td>
 *     <td>{@code int64}, {@code int32} (four times), {@code bool}, {@code double}, {@code float}</td>
 *     <td>0, false</td><td>by reference</td></tr>
 * <tr><td>{@code String}</td><td>{@code string}</td><td>""</td><td>by reference</td></tr>
 * <tr><td>enum</td><td>enum, numbered in order from 0</td><td>its first constant</td>
 *     <td>by reference</td></tr>
 * <tr><td>{@code LocalDate}, {@code UUID}</td>
 *     <td>{@code sint64}: days since 1970-01-01; 16 {@code bytes}, most significant first</td>
 *     <td>1970-01-01; all zeros</td><td>by reference</td></tr>
 * <tr><td>{@code Instant}, {@code Duration}</td>
 *     <td>{@code google.protobuf.Timestamp}, {@code google.protobuf.Duration}</td>
 *     <td>1970-01-01T00:00:00Z, no time</td><td>by reference</td></tr>
 * <tr><td>{@code Optional}</td><td>an {@code optional} field</td><td>empty</td>
 *     <td>as its value</td></tr>
 * <tr><td>{@code List}, {@code Set}, {@code Map}</td>
 *     <td>a {@code repeated} field; {@code map}</td><td>empty</td>
 *     <td>by reference if one of the JDK's immutable collections of values that go by reference, else
 *     as such a copy</td></tr>
 * <tr><td>record</td><td>a message, one field a component, numbered in order or by {@link Field}</td>
 *     <td>made of what its components are when they are missing</td>
 *     <td>by reference if all components go by reference, else rebuilt by its constructor</td></tr>
 * <tr><td>sealed interface of records</td><td>a message with one {@code oneof}</td>
 *     <td>refused</td><td>as the record</td></tr>
 * <tr><td>{@code byte[]}, {@code MemorySegment}</td><td>{@code bytes}</td><td>length 0</td>
 *     <td>copied</td></tr>
 * <tr><td>{@code double[]}, {@code float[]}, {@code long[]}, {@code int[]}</td>
 *     <td>a packed {@code double}, {@code float}, {@code sfixed64}, {@code sfixed32} field, in one
 *     block</td><td>length 0</td><td>copied</td></tr>
 * <tr><td>{@link Transfer} of an array</td><td>as the array</td><td>length 0</td>
 *     <td>handed over</td></tr>
 * <tr><td>{@link SharedBytes}, {@link SharedLongs}, {@link SharedDoubles}</td>
 *     <td>refused to another node: send a copy</td><td>refused</td><td>by reference</td></tr>
 * <tr><td>types marked {@link ByReference}, as ends of channels are</td><td>a handle</td>
 *     <td>refused</td><td>by reference</td></tr>
 * </table>
 *
 * <p>Type arguments, in a record's components and in generic records, are read from the declarations;
 * raw types, wildcards and open type variables are refused. What is no message by itself (a number at
 * the top, a list in a list) is wrapped in a message whose field 1 it is, as protobuf's wrapper types
 * do. Sets and maps arrive in any order.
 *
 * <p>A type is looked through once, when its message type is asked for: what cannot travel is refused
 * then, with the path to it. Each value is looked through when it is put, equally whether it stays in
 * the JVM or not: null (what may be absent is an {@code Optional}), text without a UTF-8 form, messages
 * nested deeper than 32, and values of other classes, which unchecked casts let in, are refused with the
 * path to them; so is a message that takes more than {@link #LARGEST} bytes on the wire. That takes time
 * linear in the number of values and the length of strings, whatever the size of arrays. A large
 * collection that was found to be immutable all through is not looked through again, nor is a long
 * text.
 *
 * <p>Evolution is that of protobuf: an unknown field is skipped, a missing one has the value in the
 * table, and of a field that comes again where one is expected, the last counts. A component may be
 * added at the end or with a number never used before, and removed if its number is not used again.
 * Constants may be added to the end of an enum, records to a sealed
 * interface; a receiver that does not know the one sent refuses the message.
 *
 * <p>Instances are immutable and safe for use by many threads. Made once per Java type.
 *
 * @param <T> the Java type
 */
public abstract class MessageType<T> {
  /**
   * How deep messages may be nested in the message sent: deep enough for every real schema, far too
   * shallow to exhaust a stack.
   */
  static final int RECURSION_LIMIT = 32;

  /**
   * The most bytes that a message may take on the wire. What is larger goes in parts; memory that the
   * places of a node share does not count.
   */
  public static final int LARGEST = 64 << 20;

  private final Class<T> javaType;

  MessageType(Class<T> javaType) {
    this.javaType = javaType;
  }

  /**
   * The message type of a class.
   *
   * @throws MessageNotAllowedException if values of the class cannot travel, saying where in it the
   *     trouble is, and what can
   */
  @SuppressWarnings("unchecked") // the type of the class that is asked for
  public static <T> MessageType<T> of(Class<T> javaType) {
    return (MessageType<T>) MessageTypes.of(javaType);
  }

  /**
   * The message type of a type as reflection gives it, such as {@code List<Order>}; {@link #nothing()}
   * for {@code Void}.
   *
   * @throws MessageNotAllowedException if values of the type cannot travel, saying where in it the
   *     trouble is, and what can
   */
  public static MessageType<?> of(Type type) {
    return MessageTypes.of(type);
  }

  /** The type of a direction in which nothing is ever sent: there is no value to put. */
  public static MessageType<Void> nothing() {
    return NothingType.INSTANCE;
  }

  /** The class of the values. */
  public final Class<T> javaType() {
    return javaType;
  }

  /** The name by which two nodes make sure that they mean the same type, type arguments included. */
  public String name() {
    return javaType.getName();
  }

  /**
   * Checks deeply that a value may travel as this type.
   *
   * @throws MessageNotAllowedException if it may not, naming the path to what is wrong
   */
  public final T check(@Nullable Object value) {
    T message = cast(value);
    checkContent(message);
    return message;
  }

  /**
   * Checks that a value is one of this type, and nothing about what is in it: enough before {@link
   * #copy} or {@link #encode}, which check the rest.
   *
   * @throws MessageNotAllowedException for null and for values of another class
   */
  public final T cast(@Nullable Object value) {
    if (value == null) {
      throw new MessageNotAllowedException(
          "null is no message; this end sends " + javaType.getTypeName());
    }
    if (!javaType.isInstance(value)) {
      throw new MessageNotAllowedException(
          "a value of "
              + value.getClass().getTypeName()
              + " cannot travel on this end, which sends "
              + javaType.getTypeName());
    }
    return javaType.cast(value);
  }

  /**
   * What another place of the same JVM gets: the value itself if it is immutable all through, else a
   * copy. Checks as {@link #check} does.
   *
   * @throws MessageNotAllowedException if the value may not travel, naming the path to what is wrong
   */
  public abstract T copy(T message);

  /**
   * As {@link #copy(Object)}, for who must know what the message refers to.
   *
   * @param referring given the copy and the values in it that travel as references, as often as they are in
   *     it; not called if there are none. Its answer is this method's
   */
  public Object copy(T message, BiFunction<Object, List<Object>, Object> referring) {
    return copy(message);
  }

  /**
   * About how many bytes a message holds, to count against a channel's byte credit while it stays in this
   * JVM. Takes constant time: arrays and strings count in full, collections by their number of
   * elements.
   */
  public int weight(T message) {
    return 0;
  }

  /**
   * The protobuf encoding of a message without references, for keeping it: of any size up to that of a
   * Java array.
   *
   * @throws MessageNotAllowedException if the value may not travel, naming the path to what is wrong
   */
  public byte[] encode(T message) {
    return encode(message, MessageContext.NONE);
  }

  /**
   * The protobuf encoding, for sending it: at most {@link #LARGEST} bytes. If the context was asked for {@link
   * MessageContext#room}, it is there; else the array is as long as the encoding.
   *
   * @throws MessageNotAllowedException if the value may not travel, naming the path to what is wrong
   */
  public final byte[] encode(T message, MessageContext context) {
    return encode(message, context, LARGEST);
  }

  /**
   * As {@link #encode(Object, MessageContext)}, for who takes less.
   *
   * @param mostBytes beyond which the message is refused
   */
  public abstract byte[] encode(T message, MessageContext context, int mostBytes);

  /** As {@link #decode(byte[], int, int, MessageContext)}, for messages without references. */
  public final T decode(byte[] bytes, int offset, int length) {
    return decode(bytes, offset, length, MessageContext.NONE);
  }

  /**
   * Reads a protobuf encoding. Canonical constructors run; what they throw is the cause of the
   * exception.
   *
   * @throws ProtocolException if the bytes are no encoding of this type
   */
  public abstract T decode(byte[] bytes, int offset, int length, MessageContext context);

  /**
   * The .proto by which programs in other languages read and write these messages: the message of this
   * type comes first, what it needs after it.
   */
  public abstract String toProto();

  /** How it is written inside another message. */
  abstract MessageCodec codec();

  /** Refuses values of the right class whose content cannot travel. */
  void checkContent(T message) {}

  @Override
  public String toString() {
    return "MessageType[" + name() + "]";
  }
}
