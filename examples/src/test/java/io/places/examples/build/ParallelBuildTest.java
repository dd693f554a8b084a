package io.places.examples.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlacesException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParallelBuildTest {
  @TempDir private Path folder;
  private Path sources;
  private Path classes;

  @BeforeEach
  void nameFolders() {
    sources = folder.resolve("sources");
    classes = folder.resolve("classes");
  }

  @Test
  void theClassesOfSeveralPackagesRunTogether() throws Exception {
    write("shop/model/Price.java", "package shop.model; public record Price(int cents) {}");
    write(
        "shop/Till.java",
        "package shop; import shop.model.Price;",
        "public class Till { public static String sum() { return new Price(3) + bag.Bag.text(); } }");
    write("bag/Bag.java", "package bag; public class Bag { public static String text() { return \"!\"; } }");
    write("Alone.java", "class Alone {}");

    assertThat(ParallelBuild.run(sources, classes, "", 3))
        .isEqualTo(new BuildReport(4, 0, List.of()));

    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      assertThat(loader.loadClass("shop.Till").getMethod("sum").invoke(null))
          .isEqualTo("Price[cents=3]!");
      assertThat(loader.loadClass("Alone")).isNotNull();
    }
  }

  @Test
  void packagesThatNeedEachOtherCompile() throws Exception {
    write("a/A.java", "package a; public class A { b.B other; }");
    write("b/B.java", "package b; import a.*; public class B { A other; }");

    assertThat(ParallelBuild.run(sources, classes, "", 2).compiled()).isEqualTo(2);
    assertThat(classes.resolve("a/A.class")).exists();
    assertThat(classes.resolve("b/B.class")).exists();
  }

  @Test
  void errorsComeWithFileAndLineAndWhatNeedsThemIsLeftOut() throws Exception {
    Path broken =
        write("low/Low.java", "package low;", "public class Low {", "  int x = \"text\";", "  Missing y;", "}");
    Path unfinished = write("odd/Odd.java", "package odd; class Odd {");
    write("high/High.java", "package high; class High { low.Low low; }");
    write("free/Free.java", "package free; class Free {}");

    BuildReport report = ParallelBuild.run(sources, classes, "", 2);

    assertThat(report.isSuccess()).isFalse();
    assertThat(report.compiled()).isEqualTo(1);
    assertThat(report.skipped()).isEqualTo(1);
    assertThat(report.problems())
        .extracting(problem -> problem.toString().lines().findFirst().orElseThrow())
        .containsExactly(
            broken + ":3: error: incompatible types: java.lang.String cannot be converted to int",
            broken + ":4: error: cannot find symbol",
            unfinished + ":1: error: reached end of file while parsing");
    assertThat(classes.resolve("free/Free.class")).exists();
    assertThat(classes.resolve("high")).doesNotExist();
    assertThat(classes.resolve("low")).doesNotExist();
  }

  @Test
  void allErrorsAreReportedHoweverMany() throws Exception {
    String[] lines = new String[152];
    Arrays.fill(lines, "  { int x = true; }");
    lines[0] = "class Many {";
    lines[151] = "}";
    write("Many.java", lines);

    assertThat(ParallelBuild.run(sources, classes, "", 1).problems()).hasSize(150);
  }

  @Test
  void theSourcesOfTheseExamplesGiveTheSameClassFilesAsTheirOwnBuild() throws Exception {
    Path own = Path.of("src", "main", "java");

    BuildReport report =
        ParallelBuild.run(own, classes, System.getProperty("java.class.path"), 4);

    assertThat(report.problems()).isEmpty();
    assertThat(names(classes))
        .containsExactlyElementsOf(
            names(Path.of("target", "classes")).stream()
                .filter(name -> Files.exists(own.resolve(sourceOf(name)))) // not one that is generated
                .toList());
  }

  /** The source file of a class, if it is not one of several in a file. */
  private static String sourceOf(String className) {
    return className.replaceFirst("(\\$.*)?\\.class$", ".java");
  }

  @Test
  void aFolderWithoutSourcesIsRefused() throws Exception {
    Files.createDirectories(sources);

    assertThatThrownBy(() -> ParallelBuild.run(sources, classes, "", 1))
        .isInstanceOf(PlacesException.class)
        .hasMessage(
            "there are no Java sources in %s: no file whose name ends with .java".formatted(sources));
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    assertThatThrownBy(() -> ParallelBuild.run(sources, classes, "", 1))
        .isInstanceOf(PlacesException.class)
        .hasMessageStartingWith("cannot read the folder of sources: ")
        .hasMessageContaining(sources.toString());
  }

  @Test
  void aModuleIsRefused() throws Exception {
    Path module = write("module-info.java", "module m {}");

    assertThatThrownBy(() -> ParallelBuild.run(sources, classes, "", 1))
        .isInstanceOf(PlacesException.class)
        .hasMessage(
            "%s: the sources of a module are compiled all at once, not in parallel; remove it or name another folder"
                .formatted(module));
  }

  private Path write(String name, String... lines) throws IOException {
    Path file = sources.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, List.of(lines));
  }

  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(path -> path.toString().endsWith(".class"))
          .forEach(path -> names.add(folder.relativize(path).toString()));
    }
    return names;
  }
}
