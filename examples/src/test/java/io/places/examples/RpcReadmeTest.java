package io.places.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README of rpc-server shows compiles. */
class RpcReadmeTest {
  private static final Path README = Path.of("..", "rpc-server", "README.md");
  private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final int MOST_LINES = 15;

  @TempDir private Path folder;

  @Test
  void theServerAndItsUseCompile() throws Exception {
    List<String> programs =
        JAVA.matcher(Files.readString(README)).results().map((MatchResult m) -> m.group(1)).toList();
    assertThat(programs).hasSize(2);
    Path server =
        Files.writeString(
            folder.resolve("TupleServer.java"),
            "import io.places.rpc.*;\nimport java.util.*;\n" + programs.getFirst());
    Path use =
        Files.writeString(
            folder.resolve("Use.java"),
            "class Use { static void use(io.places.place.PlaceLocation node) {\n%s}}\n"
                .formatted(programs.getLast()));

    UserCode.compile(folder, List.of(server, use));

    assertThat(programs.getFirst().lines().filter(line -> !line.isBlank()).count())
        .isLessThanOrEqualTo(MOST_LINES);
  }
}
