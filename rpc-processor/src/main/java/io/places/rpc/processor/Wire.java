package io.places.rpc.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/** What a value is on the wire: the part of a Java type that the .proto shows. */
sealed interface Wire {

  /**
   * One of protobuf's scalars.
   *
   * @param java which of the Java types that are this scalar; empty if it is the only one
   */
  record Scalar(String proto, String java) implements Wire {
    /** Whether protobuf has maps by such keys. */
    boolean isMapKey() {
      return switch (proto) {
        case "string", "int32", "int64", "sint64", "bool" -> true;
        default -> false;
      };
    }
  }

  /** An enum, whose constants are numbered in order from 0. */
  record Constants(String key, String simpleName, List<String> names, Element element)
      implements Wire {}

  /** A message that another file defines. */
  record Imported(String path, String fullName) implements Wire {}

  /** A handle that the sender's node gives, as for an end of a channel. */
  record Reference() implements Wire {}

  /** A message with its fields; if it is a choice, with one {@code oneof} of them. */
  final class Structure implements Wire {
    private final String typeName;
    private final boolean choice;
    private final @Nullable Element element;
    private final List<Component> components = new ArrayList<>();

    /**
     * @param typeName as its declaration reads, type arguments included and packages left out
     * @param element what to point at when something is wrong with it
     */
    Structure(String typeName, boolean choice, @Nullable Element element) {
      this.typeName = typeName;
      this.choice = choice;
      this.element = element;
    }

    void add(Component component) {
      components.add(component);
    }

    String typeName() {
      return typeName;
    }

    boolean isChoice() {
      return choice;
    }

    @Nullable Element element() {
      return element;
    }

    List<Component> components() {
      return components;
    }
  }

  /**
   * A field of a structure.
   *
   * @param number {@link #ANY} if the .proto decides
   */
  record Component(String name, int number, FieldShape shape, @Nullable Element element) {}

  /** The number of a field that has none of its own. */
  int ANY = 0;

  /** How often a value occurs in a field. */
  sealed interface FieldShape {
    /** What of its Java type the .proto's own type leaves open; empty if that is nothing. */
    default String javaType() {
      return switch (this) {
        case Plain plain -> java(plain.value());
        case Optionally optionally -> java(optionally.value());
        case Repeated repeated ->
            Stream.of(repeated.java(), java(repeated.value()))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(" of "));
        case Mapped mapped ->
            Stream.of(java(mapped.key()), java(mapped.value()))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(", "));
      };
    }

    private static String java(Wire wire) {
      return wire instanceof Scalar scalar ? scalar.java() : "";
    }
  }

  /** Once. */
  record Plain(Wire value) implements FieldShape {}

  /** Once or not at all. */
  record Optionally(Wire value) implements FieldShape {}

  /**
   * Any number of times.
   *
   * @param java which of the Java types that hold such values; empty if it is the only one
   */
  record Repeated(Wire value, String java) implements FieldShape {}

  /** Pairs of key and value. */
  record Mapped(Wire key, Wire value) implements FieldShape {}
}
