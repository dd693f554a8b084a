package io.places.place;

import io.places.message.MessageType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

/** A group body that was found by its address. */
final class GroupEntry {
  private final Method method;
  private final MessageType<?> argument;
  private final MessageType<?> result;

  private GroupEntry(Method method) {
    this.method = method;
    this.argument = MessageType.of(method.getGenericParameterTypes()[1]);
    this.result = MessageType.of(method.getGenericReturnType());
  }

  /**
   * Finds a body.
   *
   * @throws ClassNotFoundException if the class is missing or not allowed
   * @throws IllegalArgumentException if it is no group body
   */
  static GroupEntry find(EntryPoint entry, AllowList allowed) throws ClassNotFoundException {
    Class<?> owner = allowed.load(entry.className());
    List<Method> found =
        Arrays.stream(owner.getDeclaredMethods())
            .filter(method -> method.getName().equals(entry.methodName()))
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .filter(method -> method.getParameterCount() == 2)
            .filter(method -> method.getParameterTypes()[0] == GroupMember.class)
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "%s has %d static methods '%s(GroupMember, …)'; a group body needs exactly one"
              .formatted(owner.getName(), found.size(), entry.methodName()));
    }
    Method method = found.getFirst();
    method.setAccessible(true);
    return new GroupEntry(method);
  }

  byte[] encodeArgument(Object value) {
    return encode(argument, value);
  }

  Object decodeResult(byte[] bytes) {
    return result.decode(bytes, 0, bytes.length);
  }

  /** Runs the body; answers its encoded result. */
  byte[] run(GroupMember self, byte[] encodedArgument) throws Exception {
    Object given = argument.decode(encodedArgument, 0, encodedArgument.length);
    try {
      return encode(result, method.invoke(null, self, given));
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case Exception thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw e;
      }
    }
  }

  private static <T> byte[] encode(MessageType<T> type, Object value) {
    return type.encode(type.check(value));
  }
}
