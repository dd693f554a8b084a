package io.places.rpc.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.Diagnostic.Kind;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A user's project: sources in a folder, compiled with the processor. */
final class Project {
  private final Path sources;
  private final Path generated;
  private final Path classes;
  private final List<String> options = new ArrayList<>();
  private String lint = "-Xlint:all,-processing"; // that is about whatever is there from the compile before

  Project(Path folder) {
    try {
      this.sources = Files.createDirectories(folder.resolve("src"));
      this.generated = Files.createDirectories(folder.resolve("generated"));
      this.classes = Files.createDirectories(folder.resolve("classes"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a source, or replaces it. */
  Project source(String path, String text) {
    write(sources.resolve(path), text);
    return this;
  }

  Project option(String option) {
    options.add(option);
    return this;
  }

  /** With other warnings: without it, all but those about annotations and files of processors. */
  Project lint(String option) {
    lint = option;
    return this;
  }

  Path classes() {
    return classes;
  }

  Path generated() {
    return generated;
  }

  Path path(String path) {
    return sources.resolve(path);
  }

  String read(String path) {
    try {
      return Files.readString(sources.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the compiler said. */
  record Outcome(List<Diagnostic<? extends JavaFileObject>> diagnostics) {
    /** {@code File.java:line: message}, each error in order. */
    List<String> errors() {
      return of(Kind.ERROR);
    }

    List<String> notes() {
      return of(Kind.NOTE);
    }

    /** All that is worse than a note. */
    List<String> complaints() {
      return diagnostics.stream()
          .filter(each -> each.getKind() != Kind.NOTE && each.getKind() != Kind.OTHER)
          .map(Outcome::text)
          .toList();
    }

    private List<String> of(Kind kind) {
      return diagnostics.stream().filter(each -> each.getKind() == kind).map(Outcome::text).toList();
    }

    private static String text(Diagnostic<? extends JavaFileObject> diagnostic) {
      String message = diagnostic.getMessage(Locale.ROOT);
      if (diagnostic.getSource() == null) {
        return message;
      }
      Path file = Objects.requireNonNull(Path.of(diagnostic.getSource().toUri()).getFileName());
      return "%s:%d: %s".formatted(file, diagnostic.getLineNumber(), message);
    }

    Outcome succeeds() {
      assertThat(complaints()).isEmpty();
      return this;
    }
  }

  /** Compiles all sources with every warning. */
  Outcome compile() {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("-d", classes.toString(), "-s", generated.toString()));
      arguments.addAll(List.of("-cp", classes + ":" + System.getProperty("java.class.path")));
      arguments.addAll(List.of(lint, "-Werror", "-parameters"));
      arguments.addAll(options);
      var task =
          compiler.getTask(
              new StringWriter(), files, diagnostics, arguments, null,
              files.getJavaFileObjectsFromPaths(javaSources()));
      task.setProcessors(List.of(new RpcProcessor()));
      task.call();
      return new Outcome(List.copyOf(diagnostics.getDiagnostics()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> javaSources() throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files.filter(each -> each.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
