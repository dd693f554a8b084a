package io.places.message;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A .proto while it is printed: what is defined so far, and under which names. */
final class ProtoFile {
  private static final Pattern WORD_ENDS = Pattern.compile("[ >.]+");

  private final Map<Object, String> names = new HashMap<>();
  private final Map<String, String> definitions = new LinkedHashMap<>();
  private final Set<String> enumConstants = new HashSet<>();
  private final Set<String> imports = new TreeSet<>();

  private ProtoFile() {}

  /** The file of a message and of all that it needs. */
  static String print(String javaPackage, MessageCodec top) {
    ProtoFile file = new ProtoFile();
    String name = top.protoName(file);
    StringBuilder text = new StringBuilder("syntax = \"proto3\";\n");
    if (!javaPackage.isEmpty()) {
      text.append("\npackage ").append(javaPackage).append(";\n");
    }
    if (!file.imports.isEmpty()) {
      text.append('\n');
    }
    // A message that is defined elsewhere is handed on to whoever imports this file.
    String keyword = file.definitions.isEmpty() ? "import public" : "import";
    file.imports.forEach(each -> text.append("%s \"%s\";\n".formatted(keyword, each)));
    if (file.definitions.isEmpty()) {
      text.append("\n// The message is ").append(name.substring(1)).append(".\n");
    }
    file.definitions.values().forEach(each -> text.append('\n').append(each));
    return text.toString();
  }

  /** The name of a message defined here; {@code body} makes its lines, given the name. */
  String define(Object identity, String typeName, Function<String, String> body) {
    String known = names.get(identity);
    if (known != null) {
      return known;
    }
    String name = unique(identity, typeName);
    definitions.put(name, "message %s {\n%s}\n".formatted(name, body.apply(name)));
    return name;
  }

  String enumName(Class<?> type) {
    String known = names.get(type);
    if (known != null) {
      return known;
    }
    String name = unique(type, type.getSimpleName());
    StringBuilder lines = new StringBuilder();
    Object[] constants = type.getEnumConstants();
    for (int i = 0; i < constants.length; i++) {
      // Constants of all enums of a file share one scope, hence the prefix.
      String constantName =
          (snake(name) + "_" + identifier(((Enum<?>) constants[i]).name())).toUpperCase(Locale.ROOT);
      String base = constantName; // protoc wants names that differ in more than underscores
      for (int j = 2; !enumConstants.add(constantName.replace("_", "")); j++) {
        constantName = base + "_" + j;
      }
      lines.append("  %s = %d;\n".formatted(constantName, i));
    }
    definitions.put(name, "enum %s {\n%s}\n".formatted(name, lines));
    return name;
  }

  /** The name of the message of a map's entries, where protobuf has no map by such keys. */
  String entryName(String keyType, String valueType) {
    return define(
        List.of("entry", keyType, valueType),
        "Entry<%s, %s>".formatted(keyType, valueType),
        name -> "  %s key = 1;\n  %s value = 2;\n".formatted(keyType, valueType));
  }

  /** The name of a message that another file defines. */
  String imported(String path, String fullName) {
    imports.add(path);
    return "." + fullName;
  }

  String fields(List<String> components, List<FieldCodec> fields) {
    StringBuilder lines = new StringBuilder();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < components.size(); i++) {
      lines.append("  ").append(fields.get(i).proto(this, fieldName(components.get(i), taken)));
      lines.append(";\n");
    }
    return lines.toString();
  }

  String oneof(List<SealedCodec.Case> cases) {
    Set<String> taken = new HashSet<>(Set.of("value"));
    return cases.stream()
        .map(
            each ->
                "    %s %s = %d;\n"
                    .formatted(
                        each.value().protoType(this), fieldName(each.name(), taken), each.number()))
        .collect(Collectors.joining("", "  oneof value {\n", "  }\n"));
  }

  private String unique(Object identity, String typeName) {
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
    for (int i = 2; definitions.containsKey(name.toString()); i++) {
      name = new StringBuilder(base).append('_').append(i);
    }
    definitions.put(name.toString(), ""); // keeps the place until the body is known
    names.put(identity, name.toString());
    return name.toString();
  }

  /** A name that differs from those taken in more than case and underscores, as protoc demands. */
  private static String fieldName(String javaName, Set<String> taken) {
    String base = snake(identifier(javaName));
    String name = base;
    for (int i = 2; !taken.add(name.replace("_", "").toLowerCase(Locale.ROOT)); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  private static String snake(String name) {
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
