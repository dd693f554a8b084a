package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.LaunchException;
import io.places.node.Node;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a machine that has no ssh program. */
class NoSshTest {

  /** Run in a process that finds no program anywhere. */
  static final class Launching {
    private Launching() {}

    public static void main(String[] arguments) {
      try (Node node = Node.start()) {
        node.launch(Launch.ssh("far-machine"));
      } catch (LaunchException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void theMissingProgramAndTheHostAreTold(@TempDir Path empty) throws Exception {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Launching.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PATH", empty.toString());
    Process process = builder.start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said)
          .startsWith("cannot start ssh for node node-1 on far-machine: ")
          .contains("\"ssh\"", "No such file or directory")
          .endsWith("is OpenSSH installed here?" + System.lineSeparator());
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}
