package io.places.examples.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * How the JVM of a command is started: from an AOT cache, as the script {@code places} does it, for half of a
 * small command's time is its start. The cache is made once in a build; where that fails commands start without.
 *
 * @param options for the JVM
 * @param classPath that of the tests; the jars are in front, for which the cache holds
 */
record CommandJvm(List<String> options, String classPath) {
  private static final Path FOLDER = Path.of("target", "command").toAbsolutePath();

  /** Packed, as a cache can be made of jars only. */
  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();

  private static final Path JAR = FOLDER.resolve("examples.jar");
  private static final Path CACHE = FOLDER.resolve("command.aot");
  private static final Path MADE_OF = FOLDER.resolve("made-of");

  /** A cache that does not fit is left aside by the JVM without a word. */
  private static final String SILENT = "-Xlog:aot*=off,cds*=off";

  /** Made before the first command of this JVM; the tests of another JVM wait for it, or have made it. */
  static final CommandJvm ONE = make();

  private static CommandJvm make() {
    List<String> jars = new ArrayList<>(List.of(JAR.toString()));
    List<String> folders = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (!path.equals(CLASSES)) {
        (Files.isDirectory(path) ? folders : jars).add(entry);
      }
    }
    String front = String.join(File.pathSeparator, jars);
    try {
      Files.createDirectories(FOLDER);
      try (FileChannel lock =
          FileChannel.open(
              FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        var _ = lock.lock();
        String sources = CLASSES + stateOf(CLASSES) + front;
        if (!Files.exists(MADE_OF) || !Files.readString(MADE_OF).equals(sources)) {
          Files.deleteIfExists(MADE_OF);
          pack();
          train(front);
          Files.writeString(MADE_OF, sources);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    jars.addAll(folders);
    return new CommandJvm(
        List.of("-XX:AOTCache=" + CACHE, SILENT, "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTReplayTraining"),
        String.join(File.pathSeparator, jars));
  }

  private static String stateOf(Path folder) throws IOException {
    var state = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        state.append(
            "%n%s %d %s".formatted(file, attributes.size(), attributes.lastModifiedTime().toInstant()));
      }
    }
    return state.toString();
  }

  private static void pack() {
    ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
    int code = jar.run(System.out, System.err, "cf0", JAR.toString(), "-C", CLASSES.toString(), ".");
    if (code != 0) {
      throw new AssertionError("cannot make " + JAR);
    }
  }

  private static void train(String front) throws IOException {
    Files.deleteIfExists(CACHE);
    Process training =
        new ProcessBuilder(
                java(), "-XX:AOTCacheOutput=" + CACHE, "-cp", front, PlacesCommand.class.getName(), "--train-aot-cache")
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("training.log").toFile())
            .start();
    try {
      if (!training.waitFor(20, TimeUnit.SECONDS)) {
        training.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        Files.deleteIfExists(CACHE);
      }
    } catch (InterruptedException e) {
      training.destroyForcibly();
      throw new AssertionError("interrupted", e);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The start of a command line of a JVM: further options, then the class path and all else, may follow. */
  List<String> command(String... further) {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(options);
    command.addAll(Arrays.asList(further));
    command.addAll(List.of("-cp", classPath, PlacesCommand.class.getName()));
    return command;
  }
}
