package io.places.examples.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles sources with the JDK's own compiler. */
final class SourceCompiler {
  private final Settings settings;

  SourceCompiler(Settings settings) {
    this.settings = settings;
  }

  /** The errors; if there are none, the class files are in the output folder. */
  List<Problem> compile(List<String> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  manager,
                  diagnostics,
                  options(),
                  null,
                  manager.getJavaFileObjectsFromStrings(files))
              .call();
      List<Problem> problems = new ArrayList<>();
      for (Diagnostic<? extends JavaFileObject> found : diagnostics.getDiagnostics()) {
        if (found.getKind() == Diagnostic.Kind.ERROR) {
          problems.add(problem(found, manager, files));
        }
      }
      if (!compiled && problems.isEmpty()) {
        problems.add(new Problem(files.getFirst(), 0, "the compiler failed and did not say why"));
      }
      return problems;
    }
  }

  /** No source path: a worker must not compile, by the way, what is another's job. */
  private List<String> options() {
    String classPath =
        settings.classPath().isEmpty()
            ? settings.output()
            : settings.output() + System.getProperty("path.separator") + settings.classPath();
    return List.of(
        "-d",
        settings.output(),
        "-classpath",
        classPath,
        "-sourcepath",
        "",
        "-proc:none",
        "-nowarn",
        "-Xmaxerrs", // 0: no limit, so that the number of errors is right
        "0");
  }

  private static Problem problem(
      Diagnostic<? extends JavaFileObject> found,
      StandardJavaFileManager manager,
      List<String> files) {
    JavaFileObject source = found.getSource();
    return new Problem(
        source == null ? files.getFirst() : manager.asPath(source).toString(),
        Math.max(0, found.getLineNumber()),
        found.getMessage(Locale.ROOT));
  }
}
