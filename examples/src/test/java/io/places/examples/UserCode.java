package io.places.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Sources as a user has them. */
final class UserCode {
  private UserCode() {}

  /** Compiles them into a folder; there must be no warning. */
  static void compile(Path folder, List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var said = new DiagnosticCollector<JavaFileObject>();
      List<String> options =
          List.of(
              "-d", folder.toString(),
              "-cp", System.getProperty("java.class.path"),
              "-Xlint:all,-processing",
              "-processor", "io.places.rpc.processor.RpcProcessor");
      compiler
          .getTask(null, files, said, options, null, files.getJavaFileObjectsFromPaths(sources))
          .call();
      assertThat(said.getDiagnostics())
          .filteredOn(each -> each.getKind() != Diagnostic.Kind.NOTE)
          .isEmpty();
    }
  }
}
