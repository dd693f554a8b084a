package io.places.rpc.processor;

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;

/** The names of types without their annotations, which the compiler's own texts include. */
final class TypeNames {
  private TypeNames() {}

  /** With packages and type arguments. */
  static String full(TypeMirror type) {
    return name(type, element -> element.getQualifiedName().toString());
  }

  /** As a declaration has it, without packages. */
  static String simple(TypeMirror type) {
    return name(type, element -> element.getSimpleName().toString());
  }

  private static String name(TypeMirror type, Function<TypeElement, String> named) {
    return switch (type) {
      case DeclaredType declared -> {
        String raw = named.apply((TypeElement) declared.asElement());
        yield declared.getTypeArguments().isEmpty()
            ? raw
            : declared.getTypeArguments().stream()
                .map(argument -> name(argument, named))
                .collect(Collectors.joining(", ", raw + "<", ">"));
      }
      case ArrayType array -> name(array.getComponentType(), named) + "[]";
      case TypeVariable variable -> variable.asElement().getSimpleName().toString();
      case WildcardType wildcard -> wildcard(wildcard, named);
      default -> type.getKind() == TypeKind.VOID ? "void" : primitive(type);
    };
  }

  private static String wildcard(WildcardType wildcard, Function<TypeElement, String> named) {
    TypeMirror above = wildcard.getExtendsBound();
    TypeMirror below = wildcard.getSuperBound();
    if (above != null) {
      return "? extends " + name(above, named);
    }
    return below == null ? "?" : "? super " + name(below, named);
  }

  private static String primitive(TypeMirror type) {
    return type.getKind().isPrimitive()
        ? type.getKind().name().toLowerCase(Locale.ROOT)
        : type.toString();
  }
}
