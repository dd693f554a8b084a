package io.places.message;

import com.google.protobuf.Message;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Goes down through the declarations of a type and builds its codecs on the way up. A type met again
 * while it is being resolved is recursive: the inner occurrence gets a CodecRef that is set later. The
 * codecs are shown to other threads only when the outermost type is done, so nobody meets an unset one.
 */

/** Makes the codecs of one type and of all types in it. */
final class TypeResolver {
  static final String WHAT_CAN =
      "what can: records, sealed interfaces of records, enums, generated protobuf messages, String, boxed"
          + " primitives, byte[], long[], int[], double[], float[], MemorySegment, LocalDate, Instant,"
          + " Duration, UUID, ends of channels, Transfer, SharedBytes,"
          + " SharedLongs, SharedDoubles, and Optional, List, Set and Map of these";

  /** Types inside each other: more than any that a person has written down. */
  private static final int MAX_OPEN = 64;

  /** A type that is being resolved. */
  private record Open(CodecRef ref, boolean direct) {}

  private final Map<Type, Open> open = new LinkedHashMap<>();
  private final Map<Type, MessageCodec> done = new HashMap<>();

  /** The types that were resolved on the way. */
  Map<Type, MessageType<?>> resolved() {
    Map<Type, MessageType<?>> types = new HashMap<>();
    done.forEach((type, codec) -> types.put(type, structured(type, codec)));
    return types;
  }

  MessageType<?> messageType(Type type) {
    if (type == Void.class) {
      return MessageType.nothing();
    }
    MessageCodec message = message(type, false);
    if (message instanceof ReferenceCodec reference) {
      return reference.type();
    }
    return structured(type, message == null ? wrapper(type) : message);
  }

  private static StructuredType<?> structured(Type type, MessageCodec codec) {
    return new StructuredType<>(Types.raw(type), Types.name(type), Types.simpleName(type), codec);
  }

  private WrapperCodec wrapper(Type type) {
    return new WrapperCodec(field(type, WrapperCodec.FIELD), Types.simpleName(type) + "Value");
  }

  private FieldCodec field(Type type, int number) {
    Class<?> raw = Types.raw(type);
    Bulk bulk = Bulk.find(raw);
    if (bulk != null) {
      return BulkField.of(number, bulk);
    }
    if (raw == Optional.class) {
      return OptionalField.of(number, element(type, 0, ""));
    }
    if (raw == List.class || raw == Set.class) {
      return RepeatedField.of(
          number,
          raw == List.class ? CollectionKind.LIST : CollectionKind.SET,
          element(type, 0, "[]"));
    }
    if (raw == Map.class) {
      return MapField.of(number, element(type, 0, "[key]"), element(type, 1, "[]"));
    }
    if (raw == Transfer.class) {
      Class<?> array = Types.raw(Types.arguments(type).getFirst());
      if (array == byte[].class || Bulk.find(array) != null) {
        return new TransferField(field(array, number), array);
      }
      throw new Refusal(
          "a Transfer moves byte[], long[], int[], double[] or float[], not a " + Types.name(Types.arguments(type).getFirst()));
    }
    return PlainField.of(number, value(type, raw.isRecord()));
  }

  private ValueCodec element(Type type, int argument, String step) {
    try {
      return value(Types.arguments(type).get(argument), false);
    } catch (Refusal e) {
      throw e.at(step);
    }
  }

  /**
   * @param direct whether each value of the type around it has one of this type in it
   */
  private ValueCodec value(Type type, boolean direct) {
    Class<?> raw = Types.raw(type);
    Scalar scalar = Scalar.find(raw);
    if (scalar != null) {
      return scalar;
    }
    if (raw.isEnum()) {
      return EnumValue.of(raw);
    }
    if (raw == MemorySegment.class) {
      return new SegmentValue();
    }
    if (SharedMemory.class.isAssignableFrom(raw)) {
      return new SharedValue(raw);
    }
    MessageCodec message = message(type, direct);
    if (message != null) {
      return new MessageValue(message);
    }
    if (isWrapped(raw)) {
      return new MessageValue(wrapper(type));
    }
    throw new Refusal(raw.getTypeName() + " cannot travel between places; " + WHAT_CAN);
  }

  private static boolean isWrapped(Class<?> raw) {
    return raw == Optional.class
        || raw == List.class
        || raw == Set.class
        || raw == Map.class
        || raw == Transfer.class
        || Bulk.find(raw) != null;
  }

  /** The codec of what is a message by itself; null for anything else. */
  private @Nullable MessageCodec message(Type type, boolean direct) {
    Class<?> raw = Types.raw(type);
    if (raw == Instant.class) {
      return MomentCodec.TIMESTAMP;
    }
    if (raw == Duration.class) {
      return MomentCodec.DURATION;
    }
    if (Message.class.isAssignableFrom(raw)) {
      return ProtobufCodec.of(raw);
    }
    ByReference byReference = raw.getAnnotation(ByReference.class);
    if (byReference != null) {
      return reference(byReference, type);
    }
    if (!raw.isRecord() && !isSealedInterface(raw)) {
      return null;
    }
    MessageType<?> known = MessageTypes.find(type);
    if (known != null) {
      return known.codec();
    }
    MessageCodec made = done.get(type);
    if (made != null) {
      return made;
    }
    Open recursive = open.get(type);
    if (recursive != null) {
      refuseEndless(type, direct);
      return recursive.ref();
    }
    return structure(type, raw, direct);
  }

  private static boolean isSealedInterface(Class<?> raw) {
    return raw.isInterface()
        && raw.isSealed()
        && raw != MemorySegment.class
        && !SharedMemory.class.isAssignableFrom(raw);
  }

  private MessageCodec structure(Type type, Class<?> raw, boolean direct) {
    if (open.size() >= MAX_OPEN) {
      throw new Refusal(
          "%s is inside %d other types: the type has itself as an argument, which grows without end"
              .formatted(raw.getName(), MAX_OPEN));
    }
    CodecRef ref = new CodecRef();
    open.put(type, new Open(ref, direct));
    MessageCodec codec = raw.isRecord() ? record(type, raw) : sealed(type, raw);
    open.remove(type);
    ref.set(codec);
    done.put(type, codec);
    return codec;
  }

  /** Refuses a record that is in itself by no way around: its values would have no end. */
  private void refuseEndless(Type type, boolean direct) {
    boolean inside = false;
    boolean endless = direct;
    for (Map.Entry<Type, Open> entry : open.entrySet()) {
      if (inside) {
        endless &= entry.getValue().direct();
      }
      inside |= entry.getKey().equals(type);
    }
    if (endless) {
      throw new Refusal(
          "every %s has another one in it, without end; make this an Optional, a List or a sealed interface"
              .formatted(Types.raw(type).getName()));
    }
  }

  private MessageCodec reference(ByReference byReference, Type type) {
    ReferenceTypes types;
    try {
      var constructor = byReference.value().getDeclaredConstructor();
      constructor.setAccessible(true);
      types = constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(byReference.value() + " needs a constructor without arguments", e);
    }
    List<MessageType<?>> arguments = new ArrayList<>();
    for (Type argument : Types.arguments(type)) {
      arguments.add(messageType(argument));
    }
    return types.of(arguments).codec();
  }

  private MessageCodec record(Type type, Class<?> raw) {
    RecordComponent[] components = raw.getRecordComponents();
    List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
    List<Integer> numbers =
        FieldNumbers.of(
            raw,
            names,
            components);
    Map<TypeVariable<?>, Type> bindings = Types.bindings(type);
    List<FieldCodec> fields = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      try {
        fields.add(field(Types.concrete(components[i].getGenericType(), bindings), numbers.get(i)));
      } catch (Refusal e) {
        throw e.at("." + names.get(i));
      }
    }
    return RecordCodecClass.define(new RecordShape(raw, Types.simpleName(type), names, fields));
  }

  private MessageCodec sealed(Type type, Class<?> raw) {
    Class<?>[] permitted = raw.getPermittedSubclasses();
    List<Integer> numbers =
        FieldNumbers.of(
            raw,
            Arrays.stream(permitted).map(Class::getSimpleName).toList(),
            permitted);
    List<SealedCodec.Case> cases = new ArrayList<>();
    for (int i = 0; i < permitted.length; i++) {
      Class<?> child = permitted[i];
      try {
        MessageCodec codec = message(Types.subtype(child, type), false);
        if (codec == null) {
          throw new Refusal(
              "%s permits %s, which is neither a record nor a sealed interface of records"
                  .formatted(raw.getName(), child.getName()));
        }
        cases.add(
            new SealedCodec.Case(
                child, child.getSimpleName(), numbers.get(i), new MessageValue(codec)));
      } catch (Refusal e) {
        throw e.at("(" + child.getSimpleName() + ")");
      }
    }
    return new SealedCodec(raw, Types.simpleName(type), List.copyOf(cases));
  }
}
