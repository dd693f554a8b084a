package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory as a file. */
class SharedFileTest {
  private static final int SIZE = 3 << 20;

  /** Whoever makes it draws a number for the first bytes that it writes. */
  @Test
  void itHasNoNameAnyMoreWhenItIsFilledSoThatOneWhoIsKilledMeanwhileLeavesNothing() throws IOException {
    assumeThat(Path.of("/proc/self/fd")).isDirectory();
    Set<Path> before = names();
    var drawn = new AtomicInteger();
    try (SharedFile file =
        SharedFile.create(
            new Random() {
              private static final long serialVersionUID = 1L;

              @Override
              public void nextBytes(byte[] bytes) {
                super.nextBytes(bytes);
                awaitNoneBut(before);
                drawn.incrementAndGet();
              }
            },
            SIZE)) {
      assertThat(drawn).hasValue(1);
      assertThat(file.memory().byteSize()).isEqualTo(SIZE);
      assertThat(SharedFile.open(file.name()).mismatch(file.memory())).isEqualTo(-1);
    }
  }

  /** Of a system that does not show what a process has open. */
  static final class Leaves {
    private Leaves() {}

    public static void main(String[] arguments) throws IOException {
      SharedFile file = SharedFile.create(new Random(), 1 << 16, Path.of(arguments[0]));
      System.out.print(Files.exists(Path.of(file.name().path())) ? file.name().path() : "");
    }
  }

  @Test
  void whereItCannotBeOpenedWithoutItsNameThatIsGoneWhenTheProcessHasEnded(@TempDir Path empty)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Leaves.class.getName(),
                empty.resolve("none").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String path = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());

    assertThat(process.waitFor()).isZero();
    assertThat(path).contains("places-rmpi-");
    assertThat(Path.of(path)).doesNotExist();
  }

  /** Other tests may make one meanwhile, which is gone at once. */
  private static void awaitNoneBut(Set<Path> before) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    Set<Path> left = names();
    while (!before.containsAll(left)) {
      assertThat(System.nanoTime()).as("files " + left).isLessThan(end);
      left.retainAll(names());
    }
  }

  private static Set<Path> names() {
    Set<Path> all = new HashSet<>();
    for (Path folder : Set.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          all.addAll(
              files
                  .filter(file -> file.getFileName().toString().startsWith("places-rmpi-"))
                  .collect(Collectors.toSet()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return all;
  }
}
