package io.places.message;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Types as reflection gives them, made concrete: nothing but classes and their applications. */
final class Types {
  private Types() {}

  /** A generic class with its arguments, which are concrete too. */
  record Applied(Class<?> raw, List<Type> arguments) implements ParameterizedType {
    @Override
    public Type[] getActualTypeArguments() {
      return arguments.toArray(Type[]::new);
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return raw.getDeclaringClass();
    }

    @Override
    public String getTypeName() {
      return name(this);
    }
  }

  /**
   * The type with every variable replaced.
   *
   * @throws Refusal if that leaves it open what values it has
   */
  static Type concrete(Type type, Map<TypeVariable<?>, Type> bindings) {
    return switch (type) {
      case Class<?> plain -> {
        if (plain.getTypeParameters().length > 0) {
          throw new Refusal(
              "%s is raw, so what it holds is not known at run time; declare it with type arguments"
                  .formatted(plain.getTypeName()));
        }
        yield plain;
      }
      case ParameterizedType applied ->
          new Applied(
              (Class<?>) applied.getRawType(),
              Arrays.stream(applied.getActualTypeArguments())
                  .map(argument -> concrete(argument, bindings))
                  .toList());
      case TypeVariable<?> variable -> {
        Type bound = bindings.get(variable);
        if (bound == null) {
          throw new Refusal(
              "the type variable %s is not known at run time; declare it with a concrete type"
                  .formatted(variable.getName()));
        }
        yield bound;
      }
      case WildcardType wildcard ->
          throw new Refusal(
              "the wildcard %s is not known at run time; declare it with a concrete type"
                  .formatted(wildcard.getTypeName()));
      default ->
          throw new Refusal("%s is an array of a generic type; use a List".formatted(type.getTypeName()));
    };
  }

  static Class<?> raw(Type concrete) {
    return concrete instanceof Applied applied ? applied.raw() : (Class<?>) concrete;
  }

  static List<Type> arguments(Type concrete) {
    return concrete instanceof Applied applied ? applied.arguments() : List.of();
  }

  /** What the variables of a concrete type's class stand for. */
  static Map<TypeVariable<?>, Type> bindings(Type concrete) {
    TypeVariable<?>[] variables = raw(concrete).getTypeParameters();
    List<Type> arguments = arguments(concrete);
    Map<TypeVariable<?>, Type> bindings = new HashMap<>();
    for (int i = 0; i < variables.length; i++) {
      bindings.put(variables[i], arguments.get(i));
    }
    return bindings;
  }

  /** The type that a class is when, seen as {@code parent}, it is that concrete type. */
  static Type subtype(Class<?> child, Type parent) {
    if (child.getTypeParameters().length == 0) {
      return child;
    }
    Map<TypeVariable<?>, Type> bindings = new HashMap<>();
    for (Type implemented : child.getGenericInterfaces()) {
      if (implemented instanceof ParameterizedType applied && applied.getRawType() == raw(parent)) {
        Type[] declared = applied.getActualTypeArguments();
        for (int i = 0; i < declared.length; i++) {
          if (declared[i] instanceof TypeVariable<?> variable) {
            bindings.put(variable, arguments(parent).get(i));
          }
        }
      }
    }
    return new Applied(
        child,
        Arrays.stream(child.getTypeParameters())
            .map(variable -> concrete(variable, bindings))
            .toList());
  }

  /** The full name, type arguments included. */
  static String name(Type concrete) {
    return name(concrete, Class::getName);
  }

  /** The name as a declaration has it, without packages. */
  static String simpleName(Type concrete) {
    return name(concrete, Class::getSimpleName);
  }

  private static String name(Type concrete, Function<Class<?>, String> named) {
    String raw = named.apply(raw(concrete));
    List<Type> arguments = arguments(concrete);
    return arguments.isEmpty()
        ? raw
        : arguments.stream()
            .map(argument -> name(argument, named))
            .collect(Collectors.joining(", ", raw + "<", ">"));
  }

  /** All classes that a type mentions. */
  static List<Class<?>> mentioned(Type concrete) {
    List<Class<?>> classes = new ArrayList<>();
    classes.add(raw(concrete));
    arguments(concrete).forEach(argument -> classes.addAll(mentioned(argument)));
    return classes;
  }
}
