package io.places.place;

import io.places.PlacesException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Objects;

/** Classes of users that travel by their names: each node makes objects of them itself. */
public final class UserClasses {
  private UserClasses() {}

  /**
   * The name of a class, by which any node can make an object of it.
   *
   * @param role what it is for, for the error: "mapper"
   * @throws IllegalArgumentException if no node could, saying why
   */
  public static String name(String role, Class<?> type) {
    Objects.requireNonNull(type, role);
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
        "%s %s is %s; nodes make it by its name, so it must be a top-level or static nested class with a no-argument constructor"
            .formatted(role, type.getName(), why));
  }

  /**
   * Makes an object of a class.
   *
   * @param kind what the class has to be
   * @throws PlacesException if the class is not there, not allowed, none of that kind, or throws
   */
  public static <T> T create(AllowList allowed, String className, Class<T> kind) {
    Class<?> found;
    try {
      found = allowed.load(className);
    } catch (ClassNotFoundException e) {
      throw new PlacesException("the class %s is not here: %s".formatted(className, e.getMessage()), e);
    }
    if (!kind.isAssignableFrom(found)) {
      throw new PlacesException("%s is no %s".formatted(className, kind.getName()));
    }
    return create(found.asSubclass(kind));
  }

  /**
   * Makes an object of a class.
   *
   * @throws PlacesException if its constructor throws, or has parameters
   */
  public static <T> T create(Class<? extends T> type) {
    try {
      Constructor<? extends T> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new PlacesException(
          "the constructor of %s failed: %s".formatted(type.getName(), e.getCause()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new PlacesException("%s cannot be made: %s".formatted(type.getName(), e.getMessage()), e);
    }
  }
}
