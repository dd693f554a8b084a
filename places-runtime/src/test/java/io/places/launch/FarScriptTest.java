package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that the far machine runs, in a shell of this one. */
class FarScriptTest {
  private static final String CONTENT = "the bytes of a jar";

  /** As {@code sha256sum} has it. */
  private static final String HASH =
      "f11b957e45e1fbecd73d93cc1abf4349b1eb13df738f92bf161942bb957203d6";

  @TempDir private Path home;

  @Test
  void aMachineWithoutTheJdkSaysWhereItLooked() throws Exception {
    assertThat(run(Map.of("JAVA_HOME", "/old/jdk"), "node\n99\n\n"))
        .startsWith("places-node failed no-jdk JAVA_HOME is '/old/jdk', java on the PATH is of '")
        .contains("and none is in /usr/lib/jvm, /usr/java, /opt");
  }

  @Test
  void whatArrivesDamagedIsNotKept() throws Exception {
    assertThat(run(Map.of(), "receive\n" + HASH + "\n" + CONTENT + "!"))
        .startsWith("places-node failed what arrived of " + HASH + ".jar has the hash ");
    assertThat(cached(home.resolve(".cache/places"))).isEmpty();
  }

  @Test
  void whatArrivesWholeIsKeptUnderItsHash() throws Exception {
    assertThat(run(Map.of("XDG_CACHE_HOME", home + "/x y"), "receive\n" + HASH + "\n" + CONTENT))
        .isEmpty();

    Path cache = home.resolve("x y/places");
    assertThat(cached(cache)).containsExactly(HASH + ".jar");
    assertThat(cache.resolve(HASH + ".jar")).hasContent(CONTENT);
    assertThat(
            run(
                Map.of("XDG_CACHE_HOME", home + "/x y"),
                "node\n25\n" + System.getProperty("java.home") + "\n" + HASH + ".jar\n\n"))
        .startsWith(
            "places-node jdk %s\nplaces-node has %s  %s.jar\nplaces-node listed\n"
                .formatted(System.getProperty("java.home"), HASH, HASH));
  }

  @Test
  void bashServesAsAShellToo() throws Exception {
    String command = SshSession.COMMAND.replace("exec sh ", "exec bash --posix ");
    assertThat(command).contains("bash");

    assertThat(run(command, Map.of(), "receive\n" + HASH + "\n" + CONTENT)).isEmpty();
    assertThat(cached(home.resolve(".cache/places"))).containsExactly(HASH + ".jar");
  }

  @Test
  void whatIsReadIsNeverACommand() throws Exception {
    for (String odd : new String[] {"$(touch made)", "`touch made`", "x; touch made", "-rf", "../x"}) {
      assertThat(run(Map.of(), "receive\n" + odd + "\n")).contains("is no hash");
      assertThat(run(Map.of(), "kill\n" + odd + "\n")).contains("is no process id");
      assertThat(run(Map.of(), odd + "\n")).startsWith("places-node failed asked for");
      assertThat(run(Map.of(), "node\n25\n" + odd + "\n")).contains("no-jdk");
    }
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.map(Path::getFileName).map(Path::toString)).doesNotContain("made");
    }
  }

  private static Stream<String> cached(Path cache) throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.map(Path::getFileName).map(Path::toString).toList().stream();
    }
  }

  private String run(Map<String, String> environment, String input) throws Exception {
    return run(SshSession.COMMAND, environment, input);
  }

  /** As sshd does: the command is for the user's shell, the rest for the standard input. */
  private String run(String command, Map<String, String> environment, String input)
      throws Exception {
    Path all = Files.writeString(home.resolve("input"), SshSession.SCRIPT + "\n" + input);
    Path said = home.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", command)
            .directory(home.toFile())
            .redirectInput(all.toFile())
            .redirectOutput(said.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("JAVA_HOME");
    builder.environment().remove("XDG_CACHE_HOME");
    builder.environment().put("HOME", home.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Files.readString(said, StandardCharsets.UTF_8);
  }
}
