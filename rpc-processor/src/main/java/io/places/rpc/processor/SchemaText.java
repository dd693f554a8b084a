package io.places.rpc.processor;

import io.places.rpc.processor.Schema.Definition;
import io.places.rpc.processor.Schema.Entry;
import io.places.rpc.processor.Schema.Kind;

/** A schema as the text of a .proto. */
final class SchemaText {
  private SchemaText() {}

  static String of(Schema schema) {
    StringBuilder text = new StringBuilder("syntax = \"proto3\";\n");
    if (!schema.javaPackage.isEmpty()) {
      text.append("\npackage ").append(schema.javaPackage).append(";\n");
    }
    if (!schema.imports.isEmpty()) {
      text.append('\n');
    }
    schema.imports.forEach(each -> text.append(importing(each)));
    schema.definitions.forEach(each -> text.append('\n').append(of(each)));
    return text.toString();
  }

  static String importing(String path) {
    return "import \"%s\";\n".formatted(path);
  }

  static String of(Definition definition) {
    StringBuilder text = new StringBuilder();
    text.append(definition.kind == Kind.ENUM ? "enum " : "message ").append(definition.name);
    text.append(" {\n");
    if (definition.kind == Kind.CHOICE) {
      text.append("  oneof value {\n");
    }
    definition.entries.forEach(each -> text.append(of(definition.kind, each)));
    if (definition.kind == Kind.CHOICE) {
      text.append("  }\n");
    }
    return text.append("}\n").toString();
  }

  static String of(Kind kind, Entry entry) {
    return "%s%s%s = %d;\n"
        .formatted(
            kind == Kind.CHOICE ? "    " : "  ",
            entry.type().isEmpty() ? "" : entry.type() + " ",
            entry.name(),
            entry.number());
  }
}
