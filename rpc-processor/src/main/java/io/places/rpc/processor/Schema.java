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

  /** Where in the file's text another import may stand. */
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

    /** Where in the file's text the brace is that ends its fields. */
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
   * @param java what of the Java type the type leaves open; empty for nothing, or if a file lacks it
   * @param line on which its name is
   * @param end where in the file's text its semicolon was
   */
  record Entry(String type, String name, int number, String java, int line, int end) {
    /** An entry that is in no file. */
    Entry(String type, String name, int number, String java) {
      this(type, name, number, java, NOWHERE, NOWHERE);
    }

    Entry at(int other) {
      return new Entry(type, name, other, java, line, end);
    }
  }

  /** Numbers that must not be used again, ends included. */
  record Range(int from, int to, int line) {}
}
