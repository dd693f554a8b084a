package io.places.message;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what a class puts for the type parameters of a generic supertype. */
public final class TypeArguments {
  private TypeArguments() {}

  /**
   * The type arguments, in the order of the supertype's parameters.
   *
   * @return types as the class declares them: a type variable where the class leaves one open
   */
  public static Type[] of(Class<?> type, Class<?> supertype) {
    Type[] found = search(type, supertype, Map.of());
    if (found == null) {
      throw new IllegalArgumentException(type.getName() + " is no " + supertype.getName());
    }
    return found;
  }

  /** What stands for the parameters of {@code supertype} in {@code type}, or null if it is none. */
  private static Type @Nullable [] search(
      Type type, Class<?> supertype, Map<TypeVariable<?>, Type> known) {
    Class<?> raw = raw(type);
    Map<TypeVariable<?>, Type> bound = bind(type, raw, known);
    if (raw == supertype) {
      return Arrays.stream(raw.getTypeParameters())
          .map(parameter -> bound.getOrDefault(parameter, parameter))
          .toArray(Type[]::new);
    }
    for (Type parent : raw.getGenericInterfaces()) {
      Type[] found = search(parent, supertype, bound);
      if (found != null) {
        return found;
      }
    }
    Type parent = raw.getGenericSuperclass();
    return parent == null ? null : search(parent, supertype, bound);
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType of ? of.getRawType() : type);
  }

  private static Map<TypeVariable<?>, Type> bind(
      Type type, Class<?> raw, Map<TypeVariable<?>, Type> known) {
    Map<TypeVariable<?>, Type> bound = new HashMap<>();
    if (type instanceof ParameterizedType parameterized) {
      Type[] arguments = parameterized.getActualTypeArguments();
      TypeVariable<?>[] parameters = raw.getTypeParameters();
      for (int i = 0; i < parameters.length; i++) {
        Type argument = arguments[i];
        bound.put(
            parameters[i],
            argument instanceof TypeVariable<?> v ? known.getOrDefault(v, v) : argument);
      }
    }
    return bound;
  }
}
