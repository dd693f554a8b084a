package io.places.rpc.processor;

import io.places.rpc.processor.Schema.Definition;
import io.places.rpc.processor.Schema.Entry;
import io.places.rpc.processor.Schema.Kind;
import io.places.rpc.processor.Schema.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * Reads what the processor writes, and what a person may have done to it since: comments, options,
 * reserved numbers and names, services, another layout. What it does not understand it says, with the
 * line; it never guesses, because a number that is overlooked here is a number that is used twice.
 */

/** Reads a .proto. */
final class SchemaParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|//[^\\n]*|/\\*.*?\\*/|\"(?:[^\"\\\\\\n]|\\\\.)*\"|[\\p{Alnum}_.]+|[-{}\\[\\]()<>=;,:+]",
          Pattern.DOTALL);

  private static final String END = "the end of the file";

  private static final Pattern JAVA =
      Pattern.compile("[ \\t]*(?://|/\\*)[ \\t]*" + SchemaText.JAVA + "[ \\t]*([\\w\\[\\], ]*?)[ \\t]*(?=//|\\*/|\\R|$)");

  /** A word, a sign or a string, the line on which it is, and where in the text it begins. */
  private record Token(String text, int line, int at) {}

  /** The file is no .proto that this processor understands. */
  static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;

    SyntaxException(int line, String reason) {
      super(reason);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private final String text;
  private int next;

  private SchemaParser(String text) throws SyntaxException {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text);
    int line = 1;
    int position = 0;
    while (position < text.length()) {
      matcher.region(position, text.length());
      if (!matcher.lookingAt()) {
        throw new SyntaxException(line, "unexpected " + shown(text.codePointAt(position)));
      }
      String found = matcher.group();
      if (!found.isBlank() && !found.startsWith("//") && !found.startsWith("/*")) {
        tokens.add(new Token(found, line, position));
      }
      line += (int) found.chars().filter(c -> c == '\n').count();
      position = matcher.end();
    }
    tokens.add(new Token(END, line, text.length()));
  }

  static Schema parse(String text) throws SyntaxException {
    return new SchemaParser(text).file();
  }

  private Schema file() throws SyntaxException {
    List<Definition> definitions = new ArrayList<>();
    List<String> imports = new ArrayList<>();
    String javaPackage = "";
    int importsEnd = Schema.NOWHERE;
    boolean hasSyntax = false;
    while (!peek().equals(END)) {
      Token token = take();
      switch (token.text()) {
        case "syntax" -> {
          expect("=");
          Token version = take();
          if (!version.text().equals("\"proto3\"")) {
            throw new SyntaxException(version.line(), "the syntax must be \"proto3\"");
          }
          hasSyntax = true;
          importsEnd = after(endOfStatement());
        }
        case "package" -> {
          javaPackage = take().text();
          importsEnd = after(endOfStatement());
        }
        case "import" -> {
          if (peek().equals("public") || peek().equals("weak")) {
            take();
          }
          imports.add(string(take()));
          importsEnd = after(endOfStatement());
        }
        case "option" -> skipStatement();
        case "service" -> skipBlock();
        case "message" -> add(message(token.line()), definitions);
        case "enum" -> add(enumeration(token.line()), definitions);
        case ";" -> {}
        default -> throw unexpected(token);
      }
    }
    if (!hasSyntax) {
      throw new SyntaxException(1, "the line 'syntax = \"proto3\";' is missing");
    }
    Schema schema = new Schema(javaPackage);
    schema.imports.addAll(imports);
    schema.definitions.addAll(definitions);
    schema.importsEnd = importsEnd;
    return schema;
  }

  private static void add(Definition made, List<Definition> to) throws SyntaxException {
    for (Definition each : to) {
      if (each.name.equals(made.name)) {
        throw new SyntaxException(
            made.line,
            "%s is defined in line %d, too; delete the one that is wrong"
                .formatted(made.name, each.line));
      }
    }
    to.add(made);
  }

  private Definition message(int line) throws SyntaxException {
    String name = take().text();
    expect("{");
    List<Entry> entries = new ArrayList<>();
    Definition body = new Definition(Kind.MESSAGE, name, line); // gathers what is reserved
    int oneofEnd = Schema.NOWHERE;
    while (!peek().equals("}")) {
      Token token = current();
      switch (token.text()) {
        case "option" -> skipStatement();
        case "reserved" -> reserved(body);
        case ";" -> take();
        case "oneof" -> {
          take();
          take();
          expect("{");
          while (!peek().equals("}")) {
            if (peek().equals("option")) {
              skipStatement();
            } else {
              entries.add(field());
            }
          }
          oneofEnd = take().at();
        }
        case "message", "enum", "extend", "extensions", "group" ->
            throw new SyntaxException(
                token.line(), "'" + token.text() + "' inside a message is not understood here");
        default -> entries.add(field());
      }
    }
    Kind kind = oneofEnd == Schema.NOWHERE ? Kind.MESSAGE : Kind.CHOICE;
    return finish(new Definition(kind, name, line), entries, body, oneofEnd);
  }

  private Definition finish(Definition made, List<Entry> entries, Definition body, int oneofEnd)
      throws SyntaxException {
    int end = take().at();
    made.end = oneofEnd == Schema.NOWHERE ? end : oneofEnd;
    made.reserved.addAll(body.reserved);
    made.reservedNames.addAll(body.reservedNames);
    for (Entry each : entries) {
      if (made.kind != Kind.ENUM && !FieldNumbers.mayBe(each.number())) {
        throw new SyntaxException(
            each.line(),
            "'%s' has number %d; numbers go from 1 to %d, without %d to %d"
                .formatted(
                    each.name(),
                    each.number(),
                    FieldNumbers.MOST,
                    FieldNumbers.FIRST_RESERVED,
                    FieldNumbers.LAST_RESERVED));
      }
      Entry same = made.numbered(each.number());
      if (same != null) {
        throw new SyntaxException(
            each.line(),
            "'%s' has number %d, which '%s' has in line %d"
                .formatted(each.name(), each.number(), same.name(), same.line()));
      }
      Range range = made.reserving(each.number());
      if (range != null) {
        throw new SyntaxException(
            each.line(),
            "'%s' has number %d, which is reserved in line %d"
                .formatted(each.name(), each.number(), range.line()));
      }
      Entry namesake = made.named(each.name());
      if (namesake != null) {
        throw new SyntaxException(
            each.line(),
            "'%s' is in line %d, too; delete the one that is wrong"
                .formatted(each.name(), namesake.line()));
      }
      if (made.reservedNames.contains(each.name())) {
        throw new SyntaxException(
            each.line(),
            "'%s' is a name that %s reserves; delete that from its 'reserved', or this line"
                .formatted(each.name(), made.name));
      }
      made.entries.add(each);
    }
    return made;
  }

  private Entry field() throws SyntaxException {
    Token first = take();
    StringBuilder type = new StringBuilder();
    if (first.text().equals("optional") || first.text().equals("repeated")) {
      type.append(first.text()).append(' ').append(word(take()));
    } else if (first.text().equals("map") && peek().equals("<")) {
      take();
      type.append("map<").append(word(take()));
      expect(",");
      type.append(", ").append(word(take())).append('>');
      expect(">");
    } else {
      type.append(word(first));
    }
    Token name = take();
    expect("=");
    int number = number(take());
    int end = endOfStatement();
    return new Entry(type.toString(), word(name), number, java(end + 1), name.line(), end);
  }

  private Definition enumeration(int line) throws SyntaxException {
    String name = take().text();
    expect("{");
    List<Entry> entries = new ArrayList<>();
    Definition body = new Definition(Kind.ENUM, name, line);
    while (!peek().equals("}")) {
      switch (peek()) {
        case "option" -> skipStatement();
        case "reserved" -> reserved(body);
        case ";" -> take();
        default -> {
          Token constant = take();
          expect("=");
          int number = number(take());
          entries.add(
              new Entry("", word(constant), number, "", constant.line(), endOfStatement()));
        }
      }
    }
    return finish(new Definition(Kind.ENUM, name, line), entries, body, Schema.NOWHERE);
  }

  private void reserved(Definition into) throws SyntaxException {
    take();
    do {
      Token token = take();
      if (token.text().startsWith("\"")) {
        into.reservedNames.add(string(token));
      } else {
        into.reserved.add(range(token, into.kind));
      }
    } while (take(","));
    expect(";");
  }

  private Range range(Token first, Kind kind) throws SyntaxException {
    int from = number(first);
    int to = from;
    if (take("to")) {
      Token last = take();
      to = last.text().equals("max") ? Integer.MAX_VALUE : number(last);
    }
    if (to < from || (kind != Kind.ENUM && from < 1)) {
      throw new SyntaxException(
          first.line(),
          "'reserved %d to %d' reserves nothing; write the lower number first%s"
              .formatted(from, to, kind == Kind.ENUM ? "" : ", and none below 1"));
    }
    return new Range(from, to, first.line());
  }

  private void skipBlock() throws SyntaxException {
    int depth = 0;
    do {
      Token token = take();
      if (token.text().equals("{")) {
        depth++;
      } else if (token.text().equals("}")) {
        depth--;
      }
    } while (depth > 0 || !tokens.get(next - 1).text().equals("}"));
  }

  private void skipStatement() throws SyntaxException {
    take();
    endOfStatement();
  }

  /** What a comment there says of the Java type; empty if there is no such comment. */
  private String java(int at) {
    Matcher matcher = JAVA.matcher(text).region(at, text.length());
    return matcher.lookingAt() ? matcher.group(1) : "";
  }

  /** Where the line after a position begins, or the position after it if more is on its line. */
  private int after(int at) {
    int end = text.indexOf('\n', at);
    int next = end < 0 ? text.length() : end + 1;
    String rest = text.substring(at + 1, next).strip();
    return rest.isEmpty() || rest.startsWith("//") ? next : at + 1;
  }

  /** Passes over options and what else comes before the semicolon; answers where that is. */
  private int endOfStatement() throws SyntaxException {
    Token token = take();
    while (!token.text().equals(";")) {
      if (token.text().equals("}")) {
        throw unexpected(token);
      }
      token = take();
    }
    return token.at();
  }

  private boolean take(String text) {
    if (peek().equals(text)) {
      next++;
      return true;
    }
    return false;
  }

  private Token take() throws SyntaxException {
    Token token = current();
    if (token.text().equals(END)) {
      throw unexpected(token);
    }
    next++;
    return token;
  }

  private Token current() {
    return tokens.get(next);
  }

  private String peek() {
    return current().text();
  }

  private void expect(String text) throws SyntaxException {
    Token token = take();
    if (!token.text().equals(text)) {
      throw new SyntaxException(
          token.line(), "'%s' where '%s' must be".formatted(token.text(), text));
    }
  }

  private static String word(Token token) throws SyntaxException {
    if (!token.text().matches("[\\p{Alnum}_.]+")) {
      throw unexpected(token);
    }
    return token.text();
  }

  private static int number(Token token) throws SyntaxException {
    try {
      return Integer.decode(token.text());
    } catch (NumberFormatException e) {
      throw new SyntaxException(token.line(), "'%s' where a number must be".formatted(token.text()));
    }
  }

  private static String string(Token token) throws SyntaxException {
    if (!token.text().startsWith("\"")) {
      throw unexpected(token);
    }
    return token.text().substring(1, token.text().length() - 1);
  }

  /** Some cannot be seen. */
  private static String shown(int character) {
    String number = "U+%04X".formatted(character);
    return character > ' ' && character < 0x7f ? "'" + Character.toString(character) + "'" : number;
  }

  private static SyntaxException unexpected(Token token) {
    return new SyntaxException(
        token.line(),
        token.text().equals(END) ? "unexpected end of the file" : "unexpected '" + token.text() + "'");
  }
}
