package io.places.message;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How deep generated messages are nested, so that one that no peer would read is refused by its sender.
 * Most types bound it by themselves; only a message of a recursive type has to be looked through.
 */
final class ProtobufDepth {
  /** Deeper than any limit: the type is recursive. */
  private static final int UNBOUNDED = MessageType.RECURSION_LIMIT + 1;

  private ProtobufDepth() {}

  /** The most levels of messages that can be below one of this type. */
  static int of(Descriptor type) {
    return of(type, new HashMap<>());
  }

  private static int of(Descriptor type, Map<Descriptor, Integer> known) {
    Integer depth = known.putIfAbsent(type, UNBOUNDED); // what is met again below itself is recursive
    if (depth != null) {
      return depth;
    }
    int deepest = 0;
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJavaType() == JavaType.MESSAGE) {
        deepest = Math.max(deepest, 1 + of(field.getMessageType(), known));
      }
    }
    int bounded = Math.min(deepest, UNBOUNDED);
    known.put(type, bounded);
    return bounded;
  }

  /** Refuses a message with more than {@code room} levels below it. */
  static void check(Message message, int room) {
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == JavaType.MESSAGE) {
        if (room == 0) {
          throw Depth.exceeded();
        }
        List<?> values =
            field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
        for (Object value : values) {
          check((Message) value, room - 1);
        }
      }
    }
  }
}
