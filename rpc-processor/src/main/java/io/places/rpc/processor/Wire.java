package io.places.rpc.processor;

import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/** What a value is on the wire: the part of a Java type that the .proto shows. */
sealed interface Wire {

  /** One of protobuf's scalars. */
  record Scalar(String proto) implements Wire {
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
  sealed interface FieldShape {}

  /** Once. */
  record Plain(Wire value) implements FieldShape {}

  /** Once or not at all. */
  record Optionally(Wire value) implements FieldShape {}

  /** Any number of times. */
  record Repeated(Wire value) implements FieldShape {}

  /** Pairs of key and value. */
  record Mapped(Wire key, Wire value) implements FieldShape {}
}
