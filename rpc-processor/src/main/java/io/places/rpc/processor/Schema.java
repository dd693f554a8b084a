package io.places.rpc.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a .proto says, whether read from a file or made of Java types: its package, the files it
 * imports, and its messages and enums in order.
 */
final class Schema {
  /** The line of what is in no file. */
  static final int NOWHERE = 0;

  final String javaPackage;
  final Set<String> imports = new TreeSet<>();
  final List<Definition> definitions = new ArrayList<>();

  /** The line after which another import may stand. */
  int importsEnd = NOWHERE;

  Schema(String javaPackage) {
    this.javaPackage = javaPackage;
  }

  @Nullable Definition find(String name) {
    for (Definition each : definitions) {
      if (each.name.equals(name)) {
        return each;
      }
    }
    return null;
  }

  /** What a definition defines. */
  enum Kind {
    MESSAGE,
    /** A message with one {@code oneof}, which its fields are in. */
    CHOICE,
    ENUM
  }

  /** A message or an enum. */
  static final class Definition {
    final Kind kind;
    final String name;
    final List<Entry> entries = new ArrayList<>();
    final List<Range> reserved = new ArrayList<>();
    final List<String> reservedNames = new ArrayList<>();

    /** The line on which it begins. */
    final int line;

    /** The line with the brace that ends its fields. */
    int end = NOWHERE;

    Definition(Kind kind, String name, int line) {
      this.kind = kind;
      this.name = name;
      this.line = line;
    }

    @Nullable Entry named(String wanted) {
      for (Entry each : entries) {
        if (each.name().equals(wanted)) {
          return each;
        }
      }
      return null;
    }

    @Nullable Entry numbered(int number) {
      for (Entry each : entries) {
        if (each.number() == number) {
          return each;
        }
      }
      return null;
    }

    @Nullable Range reserving(int number) {
      for (Range each : reserved) {
        if (each.from() <= number && number <= each.to()) {
          return each;
        }
      }
      return null;
    }
  }

  /**
   * A field, or a constant of an enum.
   *
   * @param type with {@code optional} or {@code repeated} if that stands before it; empty for a constant
   */
  record Entry(String type, String name, int number, int line) {
    Entry at(int other) {
      return new Entry(type, name, other, line);
    }
  }

  /** Numbers that must not be used again, ends included. */
  record Range(int from, int to, int line) {}
}
