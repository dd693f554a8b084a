package io.places.rpc.processor;

import io.places.rpc.processor.Schema.Definition;
import io.places.rpc.processor.Schema.Entry;
import io.places.rpc.processor.Schema.Kind;
import io.places.rpc.processor.Schema.Range;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/*
 * The .proto that lies beside a source is what older and newer peers have in common, so it is only ever
 * added to. What the source says now is held against it name by name: what both have must have the same
 * number and type, what only the source has is added, and what only the file has was removed, which it
 * must say by 'reserved'. Messages that nothing refers to any more do no harm and stay.
 */

/** Holds what a source says now against the .proto that fixes the numbers. */
final class Freeze {
  /**
   * Something that does not fit.
   *
   * @param definition which message or enum it is about
   * @param entry which of its entries; empty if it is about the whole
   */
  record Problem(String definition, String entry, String message) {}

  /**
   * Something to add.
   *
   * @param at before which character of the file; {@link #AT_END} for the end
   * @param text whole lines, or a comment for the rest of a line
   * @param what it is, for a person
   */
  record Addition(int at, String text, String what) {}

  static final int AT_END = Integer.MAX_VALUE;

  private static final String SHORTEN = "shorten a 'reserved' whose numbers were never used";

  private final String file;
  private final Schema frozen;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Addition> additions = new ArrayList<>();

  private Freeze(String file, Schema frozen) {
    this.file = file;
    this.frozen = frozen;
  }

  /**
   * Compares, and gives each entry of {@code wanted} that has no number yet the one that it has in the
   * file or else the next.
   *
   * @param file the name of the .proto, for messages
   */
  static Freeze compare(String file, Schema wanted, Schema frozen) {
    Freeze freeze = new Freeze(file, frozen);
    if (!wanted.javaPackage.equals(frozen.javaPackage)) {
      freeze.problems.add(
          new Problem(
              "",
              "",
              "%s is of package '%s', the server of '%s'; change its line 'package'"
                  .formatted(file, frozen.javaPackage, wanted.javaPackage)));
    }
    wanted.imports.stream()
        .filter(each -> !frozen.imports.contains(each))
        .forEach(
            each ->
                freeze.additions.add(
                    new Addition(
                        frozen.importsEnd, SchemaText.importing(each), "import of " + each)));
    wanted.definitions.forEach(freeze::compare);
    return freeze;
  }

  /** Numbers the entries of a schema that is in no file yet. */
  static void number(Schema schema) {
    schema.definitions.forEach(each -> number(each, each));
  }

  List<Problem> problems() {
    return problems;
  }

  List<Addition> additions() {
    return additions;
  }

  private void compare(Definition wanted) {
    Definition old = frozen.find(wanted.name);
    if (old == null) {
      number(wanted, wanted);
      additions.add(
          new Addition(AT_END, "\n" + SchemaText.of(wanted), word(wanted) + " " + wanted.name));
      return;
    }
    if (old.kind != wanted.kind) {
      problem(
          wanted,
          "",
          "%s:%d defines the %s %s, which is of kind %s now; give the changed type another name"
              .formatted(file, old.line, word(old), old.name, word(wanted)));
      return;
    }
    Set<Entry> accounted = new HashSet<>();
    for (Entry entry : wanted.entries) {
      Entry same = old.named(entry.name());
      if (same != null) {
        accounted.add(same);
        compare(wanted, entry, same);
      } else {
        checkNew(wanted, entry, old, accounted);
      }
    }
    for (Entry gone : old.entries) {
      if (!accounted.contains(gone) && wanted.named(gone.name()) == null) {
        removed(wanted, gone);
      }
    }
    number(wanted, old);
    for (Entry entry : wanted.entries) {
      if (old.named(entry.name()) != null) {
        continue;
      }
      if (wanted.kind != Kind.ENUM && entry.number() == Wire.ANY) {
        problem(
            wanted,
            entry.name(),
            "%s:%d leaves no number for '%s' of %s: all that are not in use are reserved there; %s"
                .formatted(file, old.line, entry.name(), wanted.name, SHORTEN));
      } else {
        additions.add(
            new Addition(
                old.end,
                SchemaText.of(wanted.kind, entry),
                "'%s' of %s as number %d".formatted(entry.name(), wanted.name, entry.number())));
      }
    }
  }

  private void compare(Definition wanted, Entry now, Entry old) {
    boolean numbered = wanted.kind == Kind.ENUM || now.number() != Wire.ANY;
    if (numbered && now.number() != old.number()) {
      problem(
          wanted,
          now.name(),
          "%s:%d fixes number %d for '%s' of %s, which has number %d now; %s"
              .formatted(
                  file,
                  old.line(),
                  old.number(),
                  old.name(),
                  wanted.name,
                  now.number(),
                  wanted.kind == Kind.ENUM
                      ? "constants are numbered in order: restore the order, and put new ones at the end"
                      : "write @Field(%d) before it".formatted(old.number())));
    }
    if (now.type().equals(old.type())) {
      compareJava(wanted, now, old);
      return;
    }
    boolean alike = now.type().replace("optional ", "").equals(old.type().replace("optional ", ""));
    problem(
        wanted,
        now.name(),
        "%s:%d fixes the type '%s' for '%s' of %s, which has type '%s' now; %s"
            .formatted(
                file,
                old.line(),
                old.type(),
                old.name(),
                wanted.name,
                now.type(),
                alike
                    ? "both are the same on the wire, so change that line to '%s %s = %d;'"
                        .formatted(now.type(), old.name(), old.number())
                    : "peers that have the old type would misread it: give what has changed another name"
                        + " and keep '%s', or say there that it is gone: reserved %d; reserved \"%s\";"
                            .formatted(old.name(), old.number(), old.name())));
  }

  /** Compares what of the Java types the types leave open. */
  private void compareJava(Definition wanted, Entry now, Entry old) {
    if (now.java().equals(old.java()) || now.java().isEmpty()) {
      return;
    }
    if (old.java().isEmpty()) {
      additions.add(
          new Addition(
              old.end() + 1,
              SchemaText.java(now),
              "the Java types of fields of " + wanted.name));
      return;
    }
    problem(
        wanted,
        now.name(),
        ("%s:%d fixes the Java type '%s' for '%s' of %s, which has '%s' now, and both are '%s' on the wire,"
                + " so peers that have the old type would misread it: give what has changed another name and keep"
                + " '%s', or say there that it is gone: reserved %d; reserved \"%s\"; or, if each reads what the"
                + " other sends, change that comment to '%s %s'")
            .formatted(
                file,
                old.line(),
                old.java(),
                old.name(),
                wanted.name,
                now.java(),
                old.type(),
                old.name(),
                old.number(),
                old.name(),
                SchemaText.JAVA,
                now.java()));
  }

  private void checkNew(Definition wanted, Entry entry, Definition old, Set<Entry> accounted) {
    if (old.reservedNames.contains(entry.name())) {
      problem(
          wanted,
          entry.name(),
          "%s:%d says that '%s' of %s was removed and its name is reserved; choose another name"
              .formatted(file, old.line, entry.name(), wanted.name));
    }
    boolean numbered = wanted.kind == Kind.ENUM || entry.number() != Wire.ANY;
    if (!numbered) {
      return;
    }
    Entry other = old.numbered(entry.number());
    Range reserved = old.reserving(entry.number());
    if (other != null && wanted.named(other.name()) == null) {
      accounted.add(other);
      problem(
          wanted,
          entry.name(),
          "%s:%d gives number %d of %s to '%s', so '%s' cannot have it; %s"
              .formatted(
                  file,
                  other.line(),
                  other.number(),
                  wanted.name,
                  other.name(),
                  entry.name(),
                  "if it is the same under a new name, rename it there too, else "
                      + unused(wanted, old)));
    } else if (other == null && reserved != null) {
      problem(
          wanted,
          entry.name(),
          "%s:%d reserves number %d of %s, so '%s' cannot have it; %s"
              .formatted(
                  file,
                  reserved.line(),
                  entry.number(),
                  wanted.name,
                  entry.name(),
                  unused(wanted, old)));
    }
  }

  private static String unused(Definition wanted, Definition old) {
    if (wanted.kind == Kind.ENUM) {
      return "put new constants at the end, after those that were there";
    }
    int next = next(wanted, old);
    return next == Wire.ANY ? SHORTEN : "give it one that was never used: @Field(%d)".formatted(next);
  }

  private void removed(Definition wanted, Entry gone) {
    problem(
        wanted,
        "",
        ("%s:%d has '%s' of %s, which is gone; delete that line and write 'reserved %d; reserved \"%s\";'"
                + " after '%s %s {', so that nothing else ever gets its number")
            .formatted(
                file,
                gone.line(),
                gone.name(),
                wanted.name,
                gone.number(),
                gone.name(),
                word(wanted),
                wanted.name));
  }

  private void problem(Definition definition, String entry, String message) {
    problems.add(new Problem(definition.name, entry, message));
  }

  private static String word(Definition definition) {
    return definition.kind == Kind.ENUM ? "enum" : "message";
  }

  private static void number(Definition wanted, Definition old) {
    if (wanted.kind == Kind.ENUM) {
      return;
    }
    for (int i = 0; i < wanted.entries.size(); i++) {
      Entry entry = wanted.entries.get(i);
      if (entry.number() == Wire.ANY) {
        Entry same = old.named(entry.name());
        int number =
            same == null || same.number() == Wire.ANY ? next(wanted, old) : same.number();
        wanted.entries.set(i, entry.at(number));
      }
    }
  }

  /**
   * The first number above all that were ever used, or, if there is none, the first between them: a number
   * that is neither in use nor reserved was never used. {@link Wire#ANY} if none is left.
   */
  private static int next(Definition wanted, Definition old) {
    int most = 0;
    for (Entry each : wanted.entries) {
      most = Math.max(most, each.number());
    }
    for (Entry each : old.entries) {
      most = Math.max(most, each.number());
    }
    for (Range each : old.reserved) {
      if (each.to() < FieldNumbers.MOST) {
        most = Math.max(most, each.to());
      } // else it keeps the end free, and what is below it may still be given
    }
    int above = unusedFrom(most + 1, wanted, old);
    return above == Wire.ANY ? unusedFrom(1, wanted, old) : above;
  }

  private static int unusedFrom(int first, Definition wanted, Definition old) {
    int number = first;
    while (number <= FieldNumbers.MOST) {
      Range reserved = old.reserving(number);
      if (reserved != null) {
        if (reserved.to() >= FieldNumbers.MOST) {
          return Wire.ANY;
        }
        number = reserved.to() + 1;
      } else if (FieldNumbers.mayBe(number)
          && wanted.numbered(number) == null
          && old.numbered(number) == null) {
        return number;
      } else {
        number++;
      }
    }
    return Wire.ANY;
  }
}
