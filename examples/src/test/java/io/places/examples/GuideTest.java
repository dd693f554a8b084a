package io.places.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs in the guides, and in a README, compile without warnings and print what stands below them. */
class GuideTest {
  private static final List<Path> GUIDES =
      List.of(
          Path.of("..", "docs", "guide", "places.md"),
          Path.of("..", "docs", "guide", "distributed.md"),
          Path.of("..", "docs", "guide", "rpc.md"),
          Path.of("..", "docs", "guide", "rmpi.md"),
          Path.of("..", "docs", "guide", "ndp.md"),
          Path.of("..", "docs", "guide", "mapreduce.md"),
          Path.of("..", "rmpi", "README.md"),
          Path.of("..", "ndp", "README.md"),
          Path.of("..", "mapreduce", "README.md"));

  private static final Pattern PROGRAM =
      Pattern.compile("```java\\n(.*?)```\\s+```text\\n(.*?)```", Pattern.DOTALL);

  /** A test has no output to show: that it compiles is what is tested. */
  private static final Pattern TEST = Pattern.compile("```java test\n(.*?)```", Pattern.DOTALL);

  private static final Pattern CLASS = Pattern.compile("^public class (\\w+)", Pattern.MULTILINE);
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private static final String TITLE = "program: ";

  @TempDir private static Path folder;

  private static final Map<String, String> PRINTED = new HashMap<>();

  /** A program of a guide; its name is that of its class. */
  record Program(String name, String source, String prints) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** All in one JVM, one after the other: a JVM for each would take most of the time. */
  @BeforeAll
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // two dozen JVMs are started one after the other
  static void compileAndRunAll() throws Exception {
    String guide = guides();
    assertThat(programs()).hasSize(guide.split("```java\n", -1).length - 1).isNotEmpty();
    assertThat(programs().map(Program::name)).doesNotHaveDuplicates();
    assertThat(programs().map(Program::name)).doesNotHaveDuplicates(); // they share a folder here
    List<Path> sources = new ArrayList<>();
    var main = new StringBuilder("public class All { public static void main(String[] none) throws Exception {");
    for (Program program : programs().toList()) {
      sources.add(write(program.name(), program.source()));
      main.append("System.out.println(\"%s%s\");\n".formatted(TITLE, program.name()));
      main.append(program.name()).append(".main(none);\n");
    }
    sources.add(write("All", main.append("}}")));
    for (MatchResult test : TEST.matcher(guide).results().toList()) {
      String source = test.group(1);
      sources.add(write(className(source), source));
    }
    sources.add(write("Calls", callTable().program()));
    UserCode.compile(folder, sources);
    for (String printed : run().split(TITLE, -1)) {
      String[] parts = printed.split("\n", 2);
      PRINTED.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
  }

  /** Two programs must not have one name. */
  private static Path write(String name, CharSequence source) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".java"), source, StandardOpenOption.CREATE_NEW);
  }

  static Stream<Program> programs() throws IOException {
    return PROGRAM.matcher(guides()).results().map(GuideTest::program);
  }

  private static String guides() throws IOException {
    var all = new StringBuilder();
    for (Path guide : GUIDES) {
      all.append(Files.readString(guide));
    }
    return all.toString();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void eachProgramPrintsWhatTheGuideSays(Program program) {
    assertThat(PRINTED.get(program.name())).isEqualTo(program.prints());
  }

  @Test
  void everyCallThatTheTableForWhoKnowsMpiNamesIsThereAndNoneIsLeftOut() throws IOException {
    assertThat(callTable().missing()).isEmpty();
    assertThat(callTable().untold()).isEmpty();
  }

  private static CallTable callTable() throws IOException {
    return new CallTable(Files.readString(Path.of("..", "docs", "guide", "rmpi.md")));
  }

  private static String run() throws IOException, InterruptedException {
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // each program runs for too short a time to optimise anything
                "-XX:+UseSerialGC",
                "-cp",
                folder + System.getProperty("path.separator") + CLASS_PATH,
                "All")
            .redirectError(err.toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    return said;
  }

  private static Program program(MatchResult found) {
    return new Program(className(found.group(1)), found.group(1), found.group(2));
  }

  private static String className(String source) {
    return CLASS
        .matcher(source)
        .results()
        .map(declared -> declared.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no public class in\n" + source));
  }
}
