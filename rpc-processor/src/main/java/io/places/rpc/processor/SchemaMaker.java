package io.places.rpc.processor;

import io.places.rpc.processor.Schema.Definition;
import io.places.rpc.processor.Schema.Entry;
import io.places.rpc.processor.Schema.Kind;
import io.places.rpc.processor.Wire.Component;
import io.places.rpc.processor.Wire.FieldShape;
import io.places.rpc.processor.Wire.Structure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/*
 * Names and order are those of the runtime's MessageType.toProto(): a message is defined where it is met
 * first, before those that it needs, and a name that is taken gets a number.
 */

/** Makes the schema of some structures and of all that they need. */
final class SchemaMaker {
  private static final Pattern WORD_ENDS = Pattern.compile("[ >.]+");

  private final Schema schema;
  private final Map<Object, Definition> made = new HashMap<>();
  private final Map<String, @Nullable Element> elements = new HashMap<>();
  private final Set<String> enumConstants = new HashSet<>();

  SchemaMaker(String javaPackage) {
    this.schema =
        new Schema(
            Stream.of(javaPackage.split("\\.", -1))
                .map(SchemaMaker::identifier)
                .collect(Collectors.joining(".")));
  }

  Schema schema() {
    return schema;
  }

  /** Adds a message with all that it needs; answers how it is called. */
  String add(Wire message) {
    return type(message);
  }

  /** The definition of a structure that was added. */
  Definition definition(Structure structure) {
    Definition definition = made.get(structure);
    if (definition == null) {
      throw new IllegalArgumentException(structure.typeName() + " was not added");
    }
    return definition;
  }

  /** What to point at when something is wrong with an entry, or with a definition if it is empty. */
  @Nullable Element element(String definition, String entry) {
    Element found = elements.get(definition + "." + entry);
    return found == null ? elements.get(definition + ".") : found;
  }

  private String type(Wire wire) {
    return switch (wire) {
      case Wire.Scalar scalar -> scalar.proto();
      case Wire.Imported imported -> {
        schema.imports.add(imported.path());
        yield "." + imported.fullName();
      }
      case Wire.Constants constants -> constants(constants);
      case Wire.Reference reference -> reference();
      case Structure structure -> structure(structure);
    };
  }

  private String structure(Structure structure) {
    Definition known = made.get(structure);
    if (known != null) {
      return known.name;
    }
    Kind kind = structure.isChoice() ? Kind.CHOICE : Kind.MESSAGE;
    Definition definition = define(structure, kind, structure.typeName());
    elements.put(definition.name + ".", structure.element());
    Set<String> taken = structure.isChoice() ? new HashSet<>(Set.of("value")) : new HashSet<>();
    for (Component component : structure.components()) {
      String type = type(component.shape());
      String name = fieldName(component.name(), taken);
      definition.entries.add(new Entry(type, name, component.number(), component.shape().javaType()));
      elements.put(definition.name + "." + name, component.element());
    }
    return definition.name;
  }

  private String type(FieldShape shape) {
    return switch (shape) {
      case Wire.Plain plain -> type(plain.value());
      case Wire.Optionally optionally -> "optional " + type(optionally.value());
      case Wire.Repeated repeated -> "repeated " + type(repeated.value());
      case Wire.Mapped mapped -> {
        String key = type(mapped.key());
        String value = type(mapped.value());
        yield mapped.key() instanceof Wire.Scalar scalar && scalar.isMapKey()
            ? "map<%s, %s>".formatted(key, value)
            : "repeated " + entry(key, value);
      }
    };
  }

  /** The message of a map's entries, where protobuf has no map by such keys. */
  private String entry(String key, String value) {
    List<String> identity = List.of(key, value);
    Definition known = made.get(identity);
    if (known != null) {
      return known.name;
    }
    Definition definition =
        define(identity, Kind.MESSAGE, "Entry<%s, %s>".formatted(key, value));
    definition.entries.add(new Entry(key, "key", 1, ""));
    definition.entries.add(new Entry(value, "value", 2, ""));
    return definition.name;
  }

  private String reference() {
    Definition known = made.get("reference");
    if (known != null) {
      return known.name;
    }
    Definition definition = define("reference", Kind.MESSAGE, "Reference");
    definition.entries.add(new Entry("bytes", "handle", 1, ""));
    return definition.name;
  }

  private String constants(Wire.Constants constants) {
    Definition known = made.get(constants.key());
    if (known != null) {
      return known.name;
    }
    Definition definition = define(constants.key(), Kind.ENUM, constants.simpleName());
    elements.put(definition.name + ".", constants.element());
    for (int i = 0; i < constants.names().size(); i++) {
      // Constants of all enums of a file share one scope, hence the prefix.
      String name =
          (snake(definition.name) + "_" + identifier(constants.names().get(i)))
              .toUpperCase(Locale.ROOT);
      String base = name; // protoc wants names that differ in more than underscores
      for (int j = 2; !enumConstants.add(name.replace("_", "")); j++) {
        name = base + "_" + j;
      }
      definition.entries.add(new Entry("", name, i, ""));
    }
    return definition.name;
  }

  private Definition define(Object identity, Kind kind, String typeName) {
    StringBuilder name = new StringBuilder();
    // "Pair<String, List<Long>>" becomes PairOfStringAndListOfLong.
    String spelled = typeName.replace("<", " Of ").replace(", ", " And ").replace("[]", " Array ");
    for (String word : WORD_ENDS.splitAsStream(spelled).toList()) {
      if (!word.isEmpty()) {
        String identifier = identifier(word);
        name.append(Character.toUpperCase(identifier.charAt(0))).append(identifier.substring(1));
      }
    }
    String base = name.toString();
    String free = base;
    for (int i = 2; schema.find(free) != null; i++) {
      free = base + "_" + i;
    }
    Definition definition = new Definition(kind, free, Schema.NOWHERE);
    schema.definitions.add(definition);
    made.put(identity, definition);
    return definition;
  }

  /** A name that differs from those taken in more than case and underscores, as protoc demands. */
  private static String fieldName(String javaName, Set<String> taken) {
    String base = snake(identifier(javaName));
    String name = base;
    for (int i = 2; !taken.add(plain(name)); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  /** What is left of a name where case and underscores do not count. */
  static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  static String snake(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  /** Java allows letters of all scripts in names, protobuf only those of ASCII. */
  private static String identifier(String javaName) {
    StringBuilder name = new StringBuilder();
    javaName
        .codePoints()
        .forEach(
            c -> {
              if (c < 0x80 && (Character.isLetterOrDigit(c) || c == '_')) {
                name.appendCodePoint(c);
              } else {
                name.append("u%04x".formatted(c));
              }
            });
    return name.toString();
  }
}
