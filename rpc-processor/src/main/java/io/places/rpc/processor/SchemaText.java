package io.places.rpc.processor;

import io.places.rpc.processor.Schema.Definition;
import io.places.rpc.processor.Schema.Entry;
import io.places.rpc.processor.Schema.Kind;

/** A schema as the text of a .proto. */
final class SchemaText {
  /** How the comment begins that says which Java type a field has, where its own type leaves that open. */
  static final String JAVA = "Java:";

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

  /** The comment on an entry that says what its type leaves open. */
  static String java(Entry entry) {
    return " // %s %s".formatted(JAVA, entry.java());
  }

  static String of(Kind kind, Entry entry) {
    return "%s%s%s = %d;%s\n"
        .formatted(
            kind == Kind.CHOICE ? "    " : "  ",
            entry.type().isEmpty() ? "" : entry.type() + " ",
            entry.name(),
            entry.number(),
            entry.java().isEmpty() ? "" : java(entry));
  }
}
