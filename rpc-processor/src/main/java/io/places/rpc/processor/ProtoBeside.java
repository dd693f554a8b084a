package io.places.rpc.processor;

import io.places.rpc.processor.Freeze.Addition;
import io.places.rpc.processor.Freeze.Problem;
import io.places.rpc.processor.Schema.Definition;
import io.places.rpc.processor.Schema.Entry;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/** The .proto beside the source of a server: written when it is missing, then only ever added to. */
final class ProtoBeside {
  private final ServerModel server;
  private final Reports reports;
  private final boolean frozen;
  private final @Nullable Path file;
  private @Nullable String text;
  private @Nullable Schema known;

  /**
   * Reads the file; what is wrong with it is reported.
   *
   * @param frozen whether the file must not change
   */
  ProtoBeside(ServerModel server, Reports reports, boolean frozen) {
    this.server = server;
    this.reports = reports;
    this.frozen = frozen;
    Path source = reports.sourceOf(server.type());
    this.file = source == null ? null : source.resolveSibling(server.protoName());
    if (file == null) {
      reports.error(
          server.type(),
          "the source of %s is in no file, so there is no place beside it for %s, which fixes the numbers on the wire"
              .formatted(server.type().getSimpleName(), server.protoName()));
      return;
    }
    try {
      text = read(file);
      known = text == null ? null : SchemaParser.parse(text);
    } catch (SchemaParser.SyntaxException e) {
      reports.error(
          server.type(), "%s:%d: %s".formatted(server.protoName(), e.line(), e.getMessage()));
    } catch (CharacterCodingException e) {
      reports.error(server.type(), file + " is not in UTF-8; store it so");
    } catch (IOException e) {
      reports.error(server.type(), "%s cannot be read: %s".formatted(file, e));
    }
  }

  /**
   * The methods of the server in the order of their numbers, new ones at the end: so the messages of the
   * old ones are met first, and keep their names when a new one would like the same.
   */
  ServerModel inOrder() {
    Definition calls = known == null ? null : known.find(server.made("Call").simpleName());
    return server.sorted(
        Comparator.comparingInt(
            method -> {
              Entry entry = calls == null ? null : calls.named(SchemaMaker.snake(method.name()));
              return entry == null ? Integer.MAX_VALUE : entry.number();
            }));
  }

  /**
   * Brings a schema and the file together: afterwards both have the same numbers, or an error is
   * reported.
   */
  void settle(SchemaMaker maker) {
    Path at = Objects.requireNonNull(file, "was reported");
    try {
      if (text == null || known == null) {
        writeNew(maker.schema(), at);
      } else {
        Freeze comparison = Freeze.compare(server.protoName(), maker.schema(), known);
        comparison.problems().forEach(each -> report(each, maker));
        if (comparison.problems().isEmpty() && !comparison.additions().isEmpty()) {
          add(comparison.additions(), at, text);
        }
      }
    } catch (IOException e) {
      reports.error(server.type(), "%s cannot be written: %s".formatted(at, e));
    }
  }

  private void writeNew(Schema wanted, Path at) throws IOException {
    Freeze.number(wanted);
    if (frozen) {
      reports.error(
          server.type(),
          "there is no %s beside the source, and -A%s=true forbids to write it; compile once without, and commit it"
              .formatted(server.protoName(), RpcProcessor.FROZEN));
    } else {
      write(at, head(server.name()) + SchemaText.of(wanted));
      reports.note(
          server.type(), "wrote %s, which fixes the numbers on the wire: commit it".formatted(at));
    }
  }

  private void report(Problem problem, SchemaMaker maker) {
    Element element = maker.element(problem.definition(), problem.entry());
    if (element == null || reports.sourceOf(element) == null) {
      element = server.type();
    }
    reports.error(element, problem.message());
  }

  private static String head(String server) {
    return """
        // What clients and server of '%s' say to each other, in the numbers that all their versions share.
        // Commit this file. The build adds to it and refuses what would break peers that run; to remove
        // something, write 'reserved' in its place.
        """
        .formatted(server);
  }

  private void add(List<Addition> additions, Path at, String before) throws IOException {
    String what =
        additions.stream().map(Addition::what).distinct().collect(Collectors.joining(", "));
    if (frozen) {
      reports.error(
          server.type(),
          "%s lacks %s, and -A%s=true forbids to add it; compile once without, and commit the file"
              .formatted(server.protoName(), what, RpcProcessor.FROZEN));
      return;
    }
    write(at, added(before, additions));
    reports.note(server.type(), "added to %s: %s; commit it".formatted(at, what));
  }

  /** The text with the additions where they say. */
  static String added(String text, List<Addition> additions) {
    List<Addition> inOrder = new ArrayList<>(additions);
    inOrder.sort(Comparator.comparingInt(Addition::at)); // stable
    StringBuilder made = new StringBuilder();
    int done = 0;
    for (Addition each : inOrder) {
      boolean lines = each.text().endsWith("\n");
      int at = Math.min(each.at(), text.length());
      int to = lines ? Math.max(done, beforeIndent(text, at)) : at;
      made.append(text, done, to);
      done = to;
      if (lines) {
        if (!made.isEmpty() && made.charAt(made.length() - 1) != '\n') {
          made.append('\n');
        }
        made.append(each.text());
      } else {
        made.append(comment(each.text(), text, at));
      }
    }
    return made.append(text, done, text.length()).toString();
  }

  /** Where the line begins if there is only space before the position, else the position. */
  private static int beforeIndent(String text, int at) {
    int line = text.lastIndexOf('\n', at - 1) + 1;
    return text.substring(line, at).isBlank() ? line : at;
  }

  /** A comment to the end of the line, as one that ends itself if more follows in the line. */
  private static String comment(String comment, String text, int at) {
    int end = text.indexOf('\n', at);
    String rest = text.substring(at, end < 0 ? text.length() : end).strip();
    return rest.isEmpty() || rest.startsWith("//")
        ? comment
        : comment.replaceFirst("//", "/*") + " */";
  }

  private static @Nullable String read(Path file) throws IOException {
    try {
      String text = Files.readString(file);
      return text.isBlank() ? null : text; // an empty file fixes nothing
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** All of it or nothing: a build that is stopped in between must not leave half of the numbers. */
  private static void write(Path file, String text) throws IOException {
    Path made = file.resolveSibling("." + UUID.randomUUID() + ".proto"); // readable as other files are
    try {
      Files.writeString(made, text);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(made);
    }
  }
}
