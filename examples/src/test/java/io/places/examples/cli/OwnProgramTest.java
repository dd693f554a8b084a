package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.node.Node;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user's own project, in examples/own-program, which depends on places-runtime alone: built and tested
 * by a Maven of its own, and run by {@code places run}.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class OwnProgramTest {
  /** Built here and not in a temporary folder, so that the jar can be run by hand afterwards. */
  private static final Path PROJECT = Path.of("target", "own-program").toAbsolutePath();

  /** Full of links out of it, for which a temporary folder is no good place either. */
  private static final Path REPOSITORY = Path.of("target", "own-repository").toAbsolutePath();

  private static final Path JAR = PROJECT.resolve("target").resolve("primes.jar");
  private static final String MAIN = "org.example.primes.Primes";
  private static final String VERSION = "0.1.0-SNAPSHOT";

  /** It runs for too short a time to optimise anything. */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

  @TempDir private static Path folder;

  @BeforeAll
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  static void buildWithItsTests() throws Exception {
    delete(PROJECT);
    copy(Path.of("own-program"), PROJECT, path -> !path.startsWith("target"));
    Path log = folder.resolve("maven.log");
    ProcessBuilder maven =
        new ProcessBuilder(
                Path.of(System.getProperty("maven.folder"), "bin", "mvn").toString(),
                "--offline",
                "--batch-mode",
                "-Dmaven.repo.local=" + repository(),
                "package")
            .directory(PROJECT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    maven.environment().put("MAVEN_OPTS", SHORT_LIVED);
    Process process = maven.start();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log)).contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");
  }

  @Test
  void runsOnTheNodesAskedFor() throws IOException {
    Run run = places("--nodes=3", "-cp", JAR.toString(), MAIN, "10000");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            node-1 on localhost
            node-2 on localhost
            node-3 on localhost
            1229 primes below 10000
            """);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void runsOnTheHostsOfAFile() throws IOException {
    Path hosts = folder.resolve("hosts.yaml");
    Files.writeString(hosts, "hosts:\n- launcher: process\n  slots: 3\n  jvm-options: [-Xmx64m]\n");

    Run run = places("--hosts", hosts.toString(), "--nodes=1", "-cp", JAR.toString(), MAIN, "100");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("node-1 on localhost\n25 primes below 100\n");

    Run tooMany = places("--hosts", hosts.toString(), "--nodes=4", "-cp", JAR.toString(), MAIN);
    assertThat(tooMany.exitCode()).isEqualTo(1);
    assertThat(tooMany.err())
        .startsWith("places run: 4 nodes do not fit: localhost has 3 slots; ask for fewer");
  }

  @Test
  void itsArgumentsAndItsExitCodePassThroughUntouched() throws IOException {
    Run run = places("-cp", JAR.toString(), MAIN, "--nodes", "@file", "--", "-x y", "");

    assertThat(run.exitCode()).isEqualTo(64);
    assertThat(run.err()).isEqualTo("usage: Primes LIMIT, not [--nodes, @file, --, -x y, ]\n");
  }

  @Test
  void aClassThatIsNotThereIsTold() throws IOException {
    Run run = places("-cp", JAR + ":missing.jar", "org.example.Nowhere");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("there is no class org.example.Nowhere on the class path, of which these do not")
        .endsWith("missing.jar\n");
  }

  @Test
  void runsWithoutPlacesRunToo() throws Exception {
    Path out = folder.resolve("plain.out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                SHORT_LIVED,
                "-cp",
                JAR + File.pathSeparator + System.getProperty("java.class.path"),
                MAIN,
                "100")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(out))
        .isEqualTo("node-1 on localhost\nnode-2 on localhost\n25 primes below 100\n");
  }

  private static Run places(String... arguments) throws IOException {
    return Run.toEnd(
        folder, Stream.concat(Stream.of("run"), Stream.of(arguments)).toArray(String[]::new));
  }

  /**
   * A local repository that has what this build has, and places-runtime as this build has made it:
   * nothing is put into the user's own.
   */
  private static Path repository() throws IOException {
    Path users = Path.of(System.getProperty("maven.repository"));
    delete(REPOSITORY);
    Path repository = Files.createDirectories(REPOSITORY);
    link(users, repository, "io");
    Path io = Files.createDirectory(repository.resolve("io"));
    link(users.resolve("io"), io, "places");
    Path ours = io.resolve("places");
    install(Path.of("..", ".flattened-pom.xml"), ours, "places-parent", ".pom");
    install(Path.of("..", "places-runtime", ".flattened-pom.xml"), ours, "places-runtime", ".pom");
    install(runtimeJar(), ours, "places-runtime", ".jar");
    return repository;
  }

  private static void link(Path from, Path to, String except) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        if (!entry.getFileName().toString().equals(except)) {
          Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
        }
      }
    }
  }

  private static void install(Path file, Path group, String artifact, String ending)
      throws IOException {
    Path version = Files.createDirectories(group.resolve(artifact).resolve(VERSION));
    Files.copy(file, version.resolve(artifact + "-" + VERSION + ending));
  }

  /** As a jar: this build has only its classes yet when it ends with the tests. */
  private static Path runtimeJar() throws IOException {
    Path runtime =
        Path.of(URI.create(Node.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    if (!Files.isDirectory(runtime)) {
      return runtime;
    }
    Path jar = folder.resolve("places-runtime.jar");
    ToolProvider.findFirst("jar")
        .orElseThrow()
        .run(System.out, System.err, "cf", jar.toString(), "-C", runtime.toString(), ".");
    return jar;
  }

  private static void copy(Path from, Path to, Predicate<Path> wanted)
      throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path relative = from.relativize(file);
        if (wanted.test(relative)) {
          Files.createDirectories(to.resolve(relative).getParent());
          if (Files.isRegularFile(file)) {
            Files.copy(file, to.resolve(relative));
          }
        }
      }
    }
  }

  /** Deletes links, not what they lead to. */
  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
