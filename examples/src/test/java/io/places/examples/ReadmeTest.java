package io.places.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README's program is what it says it is. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern PROGRAM =
      Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void theProgramInTheReadmeCompilesAndRuns() throws Exception {
    Matcher program = PROGRAM.matcher(Files.readString(README));
    assertThat(program.find()).isTrue();
    Path source = Files.writeString(folder.resolve("Greeting.java"), program.group(1));
    String classPath = System.getProperty("java.class.path");

    run("javac", "-d", folder.toString(), "-cp", classPath, source.toString());
    String said = run("java", "-cp", folder + ":" + classPath, "Greeting");

    assertThat(said.strip()).matches("hello, world, from process \\d+");
  }

  private static String run(String tool, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
