package io.places.examples.build;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import io.places.PlacesException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Reads which packages the sources of a folder belong to and name. Errors in them are not its concern. */
final class SourceScan {
  private static final String SUFFIX = ".java";
  private static final String MODULE = "module-info.java";

  private SourceScan() {}

  /**
   * The sources of a folder and those below it, sorted by path.
   *
   * @throws PlacesException if it cannot be read, has no sources, or is a module
   */
  static List<SourceFile> of(Path folder) {
    List<Path> paths = paths(folder);
    if (paths.isEmpty()) {
      throw new PlacesException(
          "there are no Java sources in %s: no file whose name ends with %s".formatted(folder, SUFFIX));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(none -> {}, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, error -> {}, List.of(), null, files.getJavaFileObjectsFromPaths(paths));
      List<SourceFile> sources = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        sources.add(read(files.asPath(unit.getSourceFile()), unit));
      }
      return sources;
    } catch (IOException e) {
      throw new PlacesException("cannot read the sources: " + e.getMessage(), e);
    }
  }

  private static List<Path> paths(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> paths =
          all.filter(path -> path.toString().endsWith(SUFFIX))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      for (Path path : paths) {
        if (path.endsWith(MODULE)) {
          throw new PlacesException(
              "%s: the sources of a module are compiled all at once, not in parallel; remove it or name another folder"
                  .formatted(path));
        }
      }
      return paths;
    } catch (IOException | UncheckedIOException e) {
      throw new PlacesException("cannot read the folder of sources: " + e, e);
    }
  }

  private static SourceFile read(Path path, CompilationUnitTree unit) {
    ExpressionTree packageName = unit.getPackageName();
    Set<String> names = new HashSet<>();
    new TreeScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void none) {
        names.add(select.getExpression().toString());
        return super.visitMemberSelect(select, null);
      }
    }.scan(unit, null);
    return new SourceFile(
        path, packageName == null ? "" : packageName.toString(), Set.copyOf(names));
  }
}
