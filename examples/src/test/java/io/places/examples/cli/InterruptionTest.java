package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InterruptionTest {
  /** A JVM that comes to the interruption when it is being stopped. */
  static final class Late {
    private Late() {}

    public static void main(String[] arguments) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    try (var interruption = new Interruption()) {
                      System.out.println(
                          "stopping: %b, interrupted: %b"
                              .formatted(interruption.isStopping(), Thread.interrupted()));
                    }
                  }));
    }
  }

  @Test
  void aThreadThatComesWhenTheUserHasJustStoppedTheCommandIsInterruptedToo() throws Exception {
    Process late =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Late.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT) // where a JVM may complain of the machine
            .start();

    String said = new String(late.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEqualToIgnoringNewLines("stopping: true, interrupted: true");
    assertThat(late.waitFor()).isZero();
  }
}
