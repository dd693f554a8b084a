package io.places.rpc.processor;

import io.places.rpc.processor.Wire.Component;
import io.places.rpc.processor.Wire.FieldShape;
import io.places.rpc.processor.Wire.Structure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.AnnotatedConstruct;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/*
 * Follows io.places.message.TypeResolver of the runtime, kind by kind and word by word, on the types of
 * the compiler instead of those of reflection. A test compares the .proto that both make of each kind.
 */

/** Reads the types that a server mentions: what they are on the wire, or why they cannot travel. */
final class TypeReader {
  static final String WHAT_CAN =
      "what can: records, sealed interfaces of records, enums, generated protobuf messages, String, boxed"
          + " primitives, byte[], long[], int[], double[], float[], MemorySegment, LocalDate, Instant,"
          + " Duration, UUID, ends of channels, Transfer, SharedBytes,"
          + " SharedLongs, SharedDoubles, and Optional, List, Set and Map of these";

  /** Types inside each other: more than any that a person has written down. */
  private static final int MAX_OPEN = 64;

  private static final Wire BYTES = new Wire.Scalar("bytes", "byte[]");

  /** The scalars that several Java types are; a change from one to another does not show in them. */
  private static final Set<String> SHARED = Set.of("int32", "bytes");

  private static final Map<String, String> SCALARS =
      Map.ofEntries(
          Map.entry("java.lang.Long", "int64"),
          Map.entry("java.lang.Integer", "int32"),
          Map.entry("java.lang.Short", "int32"),
          Map.entry("java.lang.Byte", "int32"),
          Map.entry("java.lang.Character", "int32"),
          Map.entry("java.lang.Boolean", "bool"),
          Map.entry("java.lang.Double", "double"),
          Map.entry("java.lang.Float", "float"),
          Map.entry("java.lang.String", "string"),
          Map.entry("java.util.UUID", "bytes"),
          Map.entry("java.time.LocalDate", "sint64"),
          Map.entry("java.lang.foreign.MemorySegment", "bytes"),
          Map.entry("io.places.message.SharedBytes", "bytes"),
          Map.entry("io.places.message.SharedLongs", "bytes"),
          Map.entry("io.places.message.SharedDoubles", "bytes"));

  private static final Map<TypeKind, String> BLOCKS =
      Map.of(
          TypeKind.LONG, "sfixed64",
          TypeKind.INT, "sfixed32",
          TypeKind.DOUBLE, "double",
          TypeKind.FLOAT, "float");

  private static final Map<String, Wire.Imported> MOMENTS =
      Map.of(
          "java.time.Instant",
          new Wire.Imported("google/protobuf/timestamp.proto", "google.protobuf.Timestamp"),
          "java.time.Duration",
          new Wire.Imported("google/protobuf/duration.proto", "google.protobuf.Duration"));

  private static final Set<String> WRAPPED =
      Set.of(
          "java.util.Optional",
          "java.util.List",
          "java.util.Set",
          "java.util.Map",
          "io.places.message.Transfer");

  /** A type that is being read. */
  private record Open(Structure structure, boolean direct) {}

  private final Elements elements;
  private final Types types;
  private final Map<String, Structure> done = new HashMap<>();
  private final Map<String, Wire> wrappers = new HashMap<>();
  private final Map<String, Open> open = new LinkedHashMap<>();

  TypeReader(Elements elements, Types types) {
    this.elements = elements;
    this.types = types;
  }

  /**
   * What a value of the type is as a message by itself.
   *
   * @throws Refusal if it cannot travel
   */
  Wire message(TypeMirror type) {
    open.clear(); // a refusal may have left some
    Wire message = message(concrete(type), false);
    return message == null ? wrapper(type) : message;
  }

  /**
   * What a value of the type is as a field of a message.
   *
   * @throws Refusal if it cannot travel
   */
  FieldShape field(TypeMirror type) {
    open.clear();
    return fieldOf(concrete(type));
  }

  private FieldShape fieldOf(TypeMirror type) {
    String block = block(type);
    if (block != null) {
      return new Wire.Repeated(
          new Wire.Scalar(block, ""), block.startsWith("sfixed") ? "" : block + "[]");
    }
    return switch (name(type)) {
      case "java.util.Optional" -> new Wire.Optionally(element(type, 0, ""));
      case "java.util.List" -> new Wire.Repeated(element(type, 0, "[]"), "List");
      case "java.util.Set" -> new Wire.Repeated(element(type, 0, "[]"), "Set");
      case "java.util.Map" -> new Wire.Mapped(element(type, 0, "[key]"), element(type, 1, "[]"));
      case "io.places.message.Transfer" -> moved(arguments(type).getFirst());
      default -> new Wire.Plain(value(type, isRecord(type)));
    };
  }

  private FieldShape moved(TypeMirror array) {
    if (isBytes(array) || block(array) != null) {
      return fieldOf(array);
    }
    throw new Refusal(
        "a Transfer moves byte[], long[], int[], double[] or float[], not a " + TypeNames.full(array));
  }

  private Wire element(TypeMirror type, int argument, String step) {
    try {
      return value(concrete(arguments(type).get(argument)), false);
    } catch (Refusal e) {
      throw e.at(step);
    }
  }

  /**
   * @param direct whether each value of the type around it has one of this type in it
   */
  private Wire value(TypeMirror type, boolean direct) {
    if (isBytes(type)) {
      return BYTES;
    }
    TypeMirror boxed =
        type.getKind().isPrimitive()
            ? types.boxedClass(types.getPrimitiveType(type.getKind())).asType()
            : type;
    String scalar = SCALARS.get(name(boxed));
    if (scalar != null) {
      return new Wire.Scalar(scalar, SHARED.contains(scalar) ? javaName(boxed) : "");
    }
    if (type.getKind() == TypeKind.DECLARED && declared(type).getKind() == ElementKind.ENUM) {
      return constants(declared(type));
    }
    Wire message = message(type, direct);
    if (message != null) {
      return message;
    }
    if (WRAPPED.contains(name(type)) || block(type) != null) {
      return wrapper(type);
    }
    throw new Refusal(TypeNames.full(type) + " cannot travel between places; " + WHAT_CAN);
  }

  /** As a person writes it: with the primitive's name where there is one. */
  private String javaName(TypeMirror boxed) {
    return switch (name(boxed)) {
      case "java.lang.Integer", "java.lang.Short", "java.lang.Byte", "java.lang.Character" ->
          TypeNames.simple(types.unboxedType(boxed));
      default -> TypeNames.simple(boxed);
    };
  }

  private static Wire constants(TypeElement type) {
    refusePrivate(type);
    List<String> names =
        type.getEnclosedElements().stream()
            .filter(each -> each.getKind() == ElementKind.ENUM_CONSTANT)
            .map(each -> each.getSimpleName().toString())
            .toList();
    if (names.isEmpty()) {
      throw new Refusal("an enum without constants has no values to send");
    }
    String name = type.getQualifiedName().toString();
    return new Wire.Constants(name, type.getSimpleName().toString(), names, type);
  }

  private Wire wrapper(TypeMirror type) {
    String key = TypeNames.full(type);
    Wire known = wrappers.get(key);
    if (known == null) {
      Structure made = new Structure(TypeNames.simple(type) + "Value", false, null);
      made.add(new Component("value", 1, fieldOf(type), null));
      wrappers.put(key, made);
      known = made;
    }
    return known;
  }

  /** What is a message by itself; null for anything else. */
  private @Nullable Wire message(TypeMirror type, boolean direct) {
    if (type.getKind() != TypeKind.DECLARED) {
      return null;
    }
    String name = name(type);
    Wire moment = MOMENTS.get(name);
    if (moment != null) {
      return moment;
    }
    TypeElement declared = declared(type);
    if (isProtobuf(type)) {
      return new ProtobufClass(elements).message(declared);
    }
    if (Annotations.find(declared, "io.places.message.ByReference") != null) {
      for (TypeMirror argument : arguments(type)) {
        if (!name(argument).equals("java.lang.Void")) {
          value(concrete(argument), false);
        }
      }
      return new Wire.Reference();
    }
    boolean sealed =
        declared.getKind() == ElementKind.INTERFACE
            && declared.getModifiers().contains(Modifier.SEALED);
    if (!isRecord(type) && !sealed) {
      return null;
    }
    String key = TypeNames.full(type);
    Structure made = done.get(key);
    if (made != null) {
      return made;
    }
    Open recursive = open.get(key);
    if (recursive != null) {
      refuseEndless(key, name, direct);
      return recursive.structure();
    }
    return structure(key, (DeclaredType) type, declared, sealed, direct);
  }

  private Wire structure(
      String key, DeclaredType type, TypeElement declared, boolean sealed, boolean direct) {
    if (open.size() >= MAX_OPEN) {
      throw new Refusal(
          "%s is inside %d other types: the type has itself as an argument, which grows without end"
              .formatted(declared.getQualifiedName(), MAX_OPEN));
    }
    refusePrivate(declared);
    Structure structure = new Structure(TypeNames.simple(type), sealed, declared);
    open.put(key, new Open(structure, direct));
    if (sealed) {
      cases(type, declared, structure);
    } else {
      components(type, declared, structure);
    }
    open.remove(key);
    done.put(key, structure);
    return structure;
  }

  private static void refusePrivate(TypeElement type) {
    for (Element each = type; each instanceof TypeElement; each = each.getEnclosingElement()) {
      if (each.getModifiers().contains(Modifier.PRIVATE)) {
        throw new Refusal(
            "%s is private, so the generated client cannot name it; leave 'private' out".formatted(each));
      }
    }
  }

  /** Refuses a record that is in itself by no way around: its values would have no end. */
  private void refuseEndless(String key, String name, boolean direct) {
    boolean inside = false;
    boolean endless = direct;
    for (Map.Entry<String, Open> entry : open.entrySet()) {
      if (inside) {
        endless &= entry.getValue().direct();
      }
      inside |= entry.getKey().equals(key);
    }
    if (endless) {
      throw new Refusal(
          "every %s has another one in it, without end; make this an Optional, a List or a sealed interface"
              .formatted(name));
    }
  }

  private void components(DeclaredType type, TypeElement declared, Structure structure) {
    List<? extends RecordComponentElement> components = declared.getRecordComponents();
    List<Integer> numbers = FieldNumbers.of(declared, components);
    for (int i = 0; i < components.size(); i++) {
      RecordComponentElement component = components.get(i);
      String name = component.getSimpleName().toString();
      try {
        TypeMirror of =
            ((ExecutableType) types.asMemberOf(type, component.getAccessor())).getReturnType();
        if (isNullable(component) || isNullable(component.asType())) {
          throw nullable(of);
        }
        structure.add(new Component(name, numbers.get(i), fieldOf(concrete(of)), component));
      } catch (Refusal e) {
        throw e.at("." + name);
      }
    }
  }

  private void cases(DeclaredType type, TypeElement declared, Structure structure) {
    List<TypeElement> permitted =
        declared.getPermittedSubclasses().stream().map(TypeReader::declared).toList();
    refuseSameNames(declared, permitted);
    List<Integer> numbers = FieldNumbers.of(declared, permitted);
    for (int i = 0; i < permitted.size(); i++) {
      TypeElement child = permitted.get(i);
      String name = child.getSimpleName().toString();
      try {
        Wire message = message(subtype(child, type), false);
        if (message == null) {
          throw new Refusal(
              "%s permits %s, which is neither a record nor a sealed interface of records"
                  .formatted(declared.getQualifiedName(), child.getQualifiedName()));
        }
        structure.add(new Component(name, numbers.get(i), new Wire.Plain(message), child));
      } catch (Refusal e) {
        throw e.at("(" + name + ")");
      }
    }
  }

  /** Refuses cases that the .proto could not tell apart: exchanged, they would exchange their numbers. */
  private static void refuseSameNames(TypeElement declared, List<TypeElement> permitted) {
    Map<String, TypeElement> byName = new HashMap<>();
    for (TypeElement child : permitted) {
      TypeElement other =
          byName.putIfAbsent(SchemaMaker.plain(child.getSimpleName().toString()), child);
      if (other != null) {
        throw new Refusal(
            "%s permits %s and %s, whose names are one on the wire; rename one"
                .formatted(
                    declared.getQualifiedName(), other.getQualifiedName(), child.getQualifiedName()));
      }
    }
  }

  /** The type that a class is when, seen as {@code parent}, it is that concrete type. */
  private TypeMirror subtype(TypeElement child, DeclaredType parent) {
    if (child.getTypeParameters().isEmpty()) {
      return child.asType();
    }
    Map<Element, TypeMirror> bindings = new HashMap<>();
    for (TypeMirror each : child.getInterfaces()) {
      DeclaredType implemented = (DeclaredType) each;
      if (implemented.asElement().equals(parent.asElement())) {
        for (int i = 0; i < implemented.getTypeArguments().size(); i++) {
          TypeMirror argument = implemented.getTypeArguments().get(i);
          if (argument.getKind() == TypeKind.TYPEVAR) {
            bindings.put(types.asElement(argument), parent.getTypeArguments().get(i));
          }
        }
      }
    }
    List<TypeMirror> arguments = new ArrayList<>();
    for (Element variable : child.getTypeParameters()) {
      TypeMirror bound = bindings.get(variable);
      if (bound == null) {
        throw unknown(variable.getSimpleName().toString());
      }
      arguments.add(bound);
    }
    return types.getDeclaredType(child, arguments.toArray(TypeMirror[]::new));
  }

  /** Whether it is marked as something that may be null, by whichever annotation of that name. */
  static boolean isNullable(AnnotatedConstruct marked) {
    return marked.getAnnotationMirrors().stream()
        .anyMatch(
            each -> each.getAnnotationType().asElement().getSimpleName().contentEquals("Nullable"));
  }

  private static Refusal nullable(TypeMirror type) {
    return new Refusal(
        "a %s is @Nullable there, and null cannot travel; declare it as an Optional"
            .formatted(TypeNames.full(type)));
  }

  /** The type itself, unless it leaves it open what values it has, or has null among them. */
  private static TypeMirror concrete(TypeMirror type) {
    if (isNullable(type)) {
      throw nullable(type);
    }
    return switch (type.getKind()) {
      case TYPEVAR -> throw unknown(TypeNames.full(type));
      case WILDCARD ->
          throw new Refusal(
              "the wildcard %s is not known at run time; declare it with a concrete type"
                  .formatted(TypeNames.full(type)));
      case DECLARED -> {
        DeclaredType declared = (DeclaredType) type;
        if (declared.getTypeArguments().isEmpty() && !declared(type).getTypeParameters().isEmpty()) {
          throw new Refusal(
              "%s is raw, so what it holds is not known at run time; declare it with type arguments"
                  .formatted(TypeNames.full(type)));
        }
        declared.getTypeArguments().forEach(TypeReader::concrete);
        yield type;
      }
      case ARRAY -> {
        TypeMirror of = ((ArrayType) type).getComponentType();
        if (of.getKind() == TypeKind.TYPEVAR || !arguments(of).isEmpty()) {
          throw new Refusal(
              "%s is an array of a generic type; use a List".formatted(TypeNames.full(type)));
        }
        yield type;
      }
      default -> type;
    };
  }

  private static Refusal unknown(String variable) {
    return new Refusal(
        "the type variable %s is not known at run time; declare it with a concrete type"
            .formatted(variable));
  }

  private boolean isProtobuf(TypeMirror type) {
    TypeElement message = elements.getTypeElement("com.google.protobuf.Message");
    return message != null && types.isAssignable(type, message.asType());
  }

  private static boolean isRecord(TypeMirror type) {
    return type.getKind() == TypeKind.DECLARED && declared(type).getKind() == ElementKind.RECORD;
  }

  private static boolean isBytes(TypeMirror type) {
    return type instanceof ArrayType array && array.getComponentType().getKind() == TypeKind.BYTE;
  }

  /** The element type of an array that travels in one block; null if it is none of these. */
  private static @Nullable String block(TypeMirror type) {
    return type instanceof ArrayType array ? BLOCKS.get(array.getComponentType().getKind()) : null;
  }

  /** The name of a class; empty for types that are none. */
  private static String name(TypeMirror type) {
    return type.getKind() == TypeKind.DECLARED ? declared(type).getQualifiedName().toString() : "";
  }

  private static TypeElement declared(TypeMirror type) {
    return (TypeElement) ((DeclaredType) type).asElement();
  }

  private static List<? extends TypeMirror> arguments(TypeMirror type) {
    return type instanceof DeclaredType declared ? declared.getTypeArguments() : List.of();
  }
}
