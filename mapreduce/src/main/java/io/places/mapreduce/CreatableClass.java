package io.places.mapreduce;

import java.lang.reflect.Modifier;
import java.util.Arrays;

/** What a class must be like so that every node can make an instance of it by its name. */
final class CreatableClass {
  private CreatableClass() {}

  /**
   * The name of a class that can be created.
   *
   * @param role what it is for, for the error
   * @throws IllegalArgumentException if it cannot be created, saying why
   */
  static String name(String role, Class<?> type) {
    if (type.isHidden() || type.isSynthetic() || type.isAnonymousClass()) {
      throw refused(role, type, "a lambda or an anonymous class");
    }
    if (type.isLocalClass()) {
      throw refused(role, type, "declared within a method");
    }
    if (type.isInterface() || type.isEnum() || type.isRecord() || type.isArray()) {
      throw refused(role, type, "no ordinary class");
    }
    if (Modifier.isAbstract(type.getModifiers())) {
      throw refused(role, type, "abstract");
    }
    if (type.isMemberClass() && !Modifier.isStatic(type.getModifiers())) {
      throw refused(role, type, "an inner class that is not static");
    }
    if (Arrays.stream(type.getDeclaredConstructors()).noneMatch(c -> c.getParameterCount() == 0)) {
      throw refused(role, type, "without a no-argument constructor");
    }
    return type.getName();
  }

  private static IllegalArgumentException refused(String role, Class<?> type, String why) {
    return new IllegalArgumentException(
        "%s %s is %s; workers make it by its name, so it must be a top-level or static nested class with a no-argument constructor"
            .formatted(role, type.getName(), why));
  }
}
