package io.places.rpc.processor;

import io.places.rpc.processor.Freeze.Addition;
import io.places.rpc.processor.Freeze.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** The .proto beside the source of a server: written when it is missing, then only ever added to. */
final class ProtoBeside {
  private final Reports reports;
  private final boolean frozen;

  /**
   * @param frozen whether the file must not change
   */
  ProtoBeside(Reports reports, boolean frozen) {
    this.reports = reports;
    this.frozen = frozen;
  }

  /**
   * Brings a schema and the file together: afterwards both have the same numbers, or an error is
   * reported.
   */
  void settle(ServerModel server, Schema wanted, SchemaMaker maker) {
    Path source = reports.sourceOf(server.type());
    if (source == null) {
      Freeze.number(wanted); // there is no place for a file
      reports.error(
          server.type(),
          "the source of %s is in no file, so there is no place beside it for %s, which fixes the numbers on the wire"
              .formatted(server.type().getSimpleName(), server.protoName()));
      return;
    }
    Path file = source.resolveSibling(server.protoName());
    try {
      settle(server, wanted, maker, file);
    } catch (IOException e) {
      Freeze.number(wanted);
      reports.error(server.type(), "%s cannot be read or written: %s".formatted(file, e));
    }
  }

  private void settle(ServerModel server, Schema wanted, SchemaMaker maker, Path file)
      throws IOException {
    String text = read(file);
    if (text == null) {
      Freeze.number(wanted);
      if (frozen) {
        reports.error(
            server.type(),
            "there is no %s beside the source, and -A%s=true forbids to write it; compile once without, and commit it"
                .formatted(server.protoName(), RpcProcessor.FROZEN));
      } else {
        write(file, head(server.name()) + SchemaText.of(wanted));
        reports.note(
            server.type(),
            "wrote %s, which fixes the numbers on the wire: commit it".formatted(file));
      }
      return;
    }
    Schema known;
    try {
      known = SchemaParser.parse(text);
    } catch (SchemaParser.SyntaxException e) {
      Freeze.number(wanted);
      reports.error(
          server.type(), "%s:%d: %s".formatted(server.protoName(), e.line(), e.getMessage()));
      return;
    }
    Freeze comparison = Freeze.compare(server.protoName(), wanted, known);
    for (Problem problem : comparison.problems()) {
      Element element = maker.element(problem.definition(), problem.entry());
      reports.error(
          element != null && reports.sourceOf(element) != null ? element : server.type(),
          problem.message());
    }
    if (comparison.problems().isEmpty() && !comparison.additions().isEmpty()) {
      add(server, comparison.additions(), file, text);
    }
  }

  private static String head(String server) {
    return """
        // What clients and server of '%s' say to each other, in the numbers that all their versions share.
        // Commit this file. The build adds to it and refuses what would break peers that run; to remove
        // something, write 'reserved' in its place.
        """
        .formatted(server);
  }

  private void add(ServerModel server, List<Addition> additions, Path file, String text)
      throws IOException {
    String what = String.join(", ", additions.stream().map(Addition::what).toList());
    if (frozen) {
      reports.error(
          server.type(),
          "%s lacks %s, and -A%s=true forbids to add it; compile once without, and commit the file"
              .formatted(server.protoName(), what, RpcProcessor.FROZEN));
      return;
    }
    write(file, added(text, additions));
    reports.note(server.type(), "added to %s: %s; commit it".formatted(file, what));
  }

  /** The text with the additions before the lines that they name. */
  static String added(String text, List<Addition> additions) {
    List<String> lines = new ArrayList<>(List.of(text.split("(?<=\n)")));
    if (!lines.getLast().endsWith("\n")) {
      lines.set(lines.size() - 1, lines.getLast() + "\n");
    }
    List<Addition> backwards = new ArrayList<>(additions.reversed());
    backwards.sort(Comparator.comparingInt(Addition::line).reversed()); // stable
    for (Addition each : backwards) {
      if (each.line() == Freeze.AT_END) {
        continue;
      }
      lines.add(each.line() - 1, each.text());
    }
    additions.stream()
        .filter(each -> each.line() == Freeze.AT_END)
        .forEach(each -> lines.add(each.text()));
    return String.join("", lines);
  }

  private static @Nullable String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** All of it or nothing: a build that is stopped in between must not leave half of the numbers. */
  private static void write(Path file, String text) throws IOException {
    Path made = Files.createTempFile(file.getParent(), ".", ".proto");
    try {
      Files.writeString(made, text);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(made);
    }
  }
}
