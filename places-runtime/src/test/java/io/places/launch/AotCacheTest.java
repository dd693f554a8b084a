package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of programs whose class path has the library as a jar, as users have it. */
@Timeout(value = 4, unit = TimeUnit.MINUTES) // on a busy machine a cache takes its time
class AotCacheTest {
  /** The library: a jar, or a folder where these tests are run by something else than the build. */
  private static final Path LIBRARY =
      Path.of(URI.create(AotCache.class.getProtectionDomain().getCodeSource().getLocation().toString()));

  /** Where it would be as a folder. */
  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();

  @TempDir private static Path folder;

  private static String classPath = "";
  private static Path first = Path.of("");
  private static Path made = Path.of("");

  @TempDir private Path scratch;

  /** A program has launched two nodes at a time, for the first time, and has ended. */
  @BeforeAll
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  static void launchForTheFirstTime() throws Exception {
    Path jar = folder.resolve("library.jar");
    try (OutputStream out = Files.newOutputStream(jar)) {
      new ClassPathJar(LIBRARY, "").writeTo(out);
    }
    List<String> entries =
        new ArrayList<>(
            List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)));
    assertThat(entries.remove(LIBRARY.toString())).isTrue();
    entries.add(jar.toString()); // behind the folder of the tests
    classPath = String.join(File.pathSeparator, entries);

    first = folder.resolve("first");
    for (int day = 1; day <= 9; day++) {
      old("old-" + day + ".aot", Duration.ofDays(day));
    }
    old("left.17.part", Duration.ofHours(2));
    old("left.making", Duration.ofHours(2));
    assertThat(launch(first, 2, "-Xlog:class+load:file=" + folder.resolve("%p.classes")))
        .isEqualTo("node says hello\nnode says hello\n");
    made = awaitCache(first);
  }

  private static void old(String name, Duration age) throws IOException {
    Path caches = first.resolve("places").resolve("aot");
    Files.createDirectories(
        caches, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = Files.createFile(caches.resolve(name));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void whatTheFirstLaunchHasMadeTheNextStartsFrom() throws Exception {
    assertThat(sourcesOf("io.vertx.core.Vertx ", folder)).hasSize(2).allMatch(s -> s.contains(".jar"));
    Path caches = copy();

    Path log = scratch.resolve("log");
    assertThat(launch(caches, 1, "-Xlog:class+load:file=" + log)).isEqualTo("node says hello\n");

    assertThat(Files.readString(log))
        .contains("io.vertx.core.Vertx source: shared objects file")
        .contains("io.places.node.NodeMain source: shared objects file")
        .contains("io.places.launch.AotBodies source: file:"); // the program's own, in a folder
    assertThat(files(caches)).contains(made.getFileName().toString()).noneMatch(AotCacheTest::isMaking);
  }

  @Test
  void everyJarThatANodeLoadsClassesFromIsInFrontButTheProgramsOwn() throws Exception {
    List<String> loaded =
        sourcesOf("", folder).stream()
            .filter(source -> source.contains(".jar") && !source.contains("/slf4j-simple-"))
            .distinct()
            .toList();
    assertThat(loaded).isNotEmpty();
    List<Path> front = NodeClassPath.of(classPath, folder.resolve("library.jar")).library();
    assertThat(front.stream().map(jar -> "file:" + jar)).containsAll(loaded);
  }

  @Test
  void aCacheWithADamagedMiddleIsLeftAside() throws Exception {
    Path caches = copy();
    try (var file = new RandomAccessFile(cacheIn(caches).toFile(), "rw")) {
      file.seek(file.length() / 3);
      file.write(new byte[1 << 20]);
    }
    assertStartsWithoutCache(caches);
  }

  @Test
  void aDamagedCacheIsMadeAnewWhenItIsLookedAtAgain() throws Exception {
    Path caches = copy();
    Path sum = AotCache.beside(cacheIn(caches), AotCache.SUM);
    Files.copy(AotCache.beside(made, AotCache.SUM), sum);
    Files.setLastModifiedTime(
        sum, FileTime.from(Instant.now().minus(AotCache.CHECKED.plusMinutes(1))));
    try (var file = new RandomAccessFile(cacheIn(caches).toFile(), "rw")) {
      file.seek(file.length() / 3);
      file.write(new byte[1 << 20]);
    }
    long start = System.nanoTime();
    while (files(caches).contains(cacheIn(caches).getFileName().toString())) { // till one looks in time
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(2));
      assertThat(launch(caches, 1)).isEqualTo("node says hello\n");
    }
    Path anew = awaitCache(caches);
    assertThat(Files.readString(AotCache.beside(anew, AotCache.SUM)))
        .isEqualTo(AotCache.checksum(anew));
  }

  @Test
  void aCacheThatIsCutOffIsLeftAside() throws Exception {
    Path caches = copy();
    try (var file = new RandomAccessFile(cacheIn(caches).toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    assertStartsWithoutCache(caches);
  }

  @Test
  void whereNoFolderCanBeMadeNodesStartWithout() throws Exception {
    assertThat(launch(Files.createFile(scratch.resolve("file")), 1)).isEqualTo("node says hello\n");
  }

  @Test
  void aFolderThatOthersMayWriteToIsNotUsed() throws Exception {
    Path caches = copy();
    Files.setPosixFilePermissions(
        caches.resolve("places").resolve("aot"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertStartsWithoutCache(caches);
  }

  @Test
  void turnedOffNothingIsUsedOrMade() throws Exception {
    Path none = scratch.resolve("none");
    assertThat(run(none, List.of("-Dio.places.aot=off"), 1)).isEqualTo("node says hello\n");
    assertThat(none).doesNotExist();
  }

  @Test
  void optionsThatChooseAnotherCacheAreObeyed() throws Exception {
    Path none = scratch.resolve("none");
    assertThat(launch(none, 1, "-Xshare:off")).isEqualTo("node says hello\n");
    assertThat(none).doesNotExist();
  }

  /** A JVM would leave the one aside that was made without them, and then has not even the JDK's own. */
  @Test
  void aNodeWhoseOptionsAreAboutModulesStartsFromACacheThatWasMadeWithThem() throws Exception {
    Path caches = scratch.resolve("of-modules");
    String opens = "java.base/java.util=ALL-UNNAMED";
    assertThat(launch(caches, 1, "--enable-native-access=ALL-UNNAMED", "--add-opens", opens))
        .isEqualTo("node says hello\n");
    assertThat(awaitCache(caches).getFileName()).isNotEqualTo(made.getFileName());

    Path log = scratch.resolve("log");
    Map<String, String> environment =
        Map.of("JDK_JAVA_OPTIONS", "--add-opens=" + opens + " --enable-native-access ALL-UNNAMED");
    assertThat(run(environment, caches, List.of(), 1, "-Xlog:class+load:file=" + log))
        .isEqualTo("node says hello\n");
    assertThat(Files.readString(log)).contains("io.vertx.core.Vertx source: shared objects file");
  }

  @Test
  void optionsAboutModulesAreTheSameInWhateverFormAndOrderTheyAreGiven() {
    List<String> asGiven = List.of("--add-opens", "java.base/java.util=ALL-UNNAMED", "-Xmx1g");
    Map<String, String> environment =
        Map.of(
            "JAVA_TOOL_OPTIONS", "-Da=b  '--enable-native-access=ALL-UNNAMED'",
            "JDK_JAVA_OPTIONS", "--add-opens=java.base/java.util=ALL-UNNAMED --add-modules java.sql",
            "_JAVA_OPTIONS", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
    assertThat(AotCache.modulesOf(AotCache.withEnvironment(environment, asGiven)))
        .containsExactly(
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-modules=java.sql",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED");
  }

  /** The environment is that of both. */
  @Test
  void aNodeGetsTheCacheOfItsCreatorIfTheirOptionsAboutModulesAreTheSame() {
    String cache = "-XX:AOTCache=/command.aot";
    String opens = "--add-opens=java.base/java.util=ALL-UNNAMED";
    Map<String, String> environment = Map.of("JDK_JAVA_OPTIONS", opens);
    List<String> node = AotCache.withEnvironment(environment, List.of("-Xmx1g"));
    List<String> rank =
        AotCache.withEnvironment(environment, List.of("--enable-native-access=ALL-UNNAMED"));

    assertThat(ProcessLauncher.inherited(List.of(opens, cache), node)).containsExactly(cache);
    assertThat(ProcessLauncher.inherited(List.of(opens, cache), rank)).isEmpty();
    assertThat(ProcessLauncher.inherited(List.of(cache), node)).isEmpty();
  }

  @Test
  void eachOfTwoCachesIsComparedWithItsChecksumOnce() throws Exception {
    List<AotCache> caches = new ArrayList<>();
    for (String name : List.of("plain", "ranks")) {
      Path file = Files.writeString(scratch.resolve(name + AotCache.CACHE), name);
      Files.writeString(AotCache.beside(file, AotCache.SUM), AotCache.checksum(file));
      caches.add(new AotCache(new NodeClassPath(List.of(), List.of()), List.of(), file));
    }
    String looksByItself = "-XX:+VerifySharedSpaces";
    assertThat(caches).noneMatch(cache -> cache.options().contains(looksByItself));

    for (String name : List.of("plain", "ranks")) { // whoever compares again will find a difference
      Files.writeString(scratch.resolve(name + AotCache.SUM), "another");
    }
    assertThat(caches).noneMatch(cache -> cache.options().contains(looksByItself));
  }

  @Test
  void theOldestCachesAndWhatWasLeftUnfinishedAreDeleted() throws Exception {
    assertThat(files(first))
        .containsExactlyInAnyOrder(
            made.getFileName().toString(),
            AotCache.beside(made, AotCache.SUM).getFileName().toString(),
            "old-1.aot",
            "old-2.aot",
            "old-3.aot",
            "old-4.aot",
            "old-5.aot",
            "old-6.aot",
            "old-7.aot");
  }

  @Test
  void aLibraryInAFolderStartsAsItIs() {
    String path = "/a/app.jar" + File.pathSeparator + CLASSES;
    NodeClassPath asItIs = NodeClassPath.of(path, CLASSES);
    assertThat(asItIs.library()).isEmpty();
    assertThat(asItIs.toString()).isEqualTo(path);
  }

  private void assertStartsWithoutCache(Path caches) throws Exception {
    Path log = scratch.resolve("log");
    assertThat(launch(caches, 1, "-Xlog:class+load:file=" + log)).isEqualTo("node says hello\n");
    assertThat(Files.readString(log)).contains("io.vertx.core.Vertx source: file:");
  }

  private Path copy() throws IOException {
    Path caches = scratch.resolve("caches");
    Path to = caches.resolve("places").resolve("aot");
    Files.createDirectories(
        to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.copy(made, to.resolve(made.getFileName()));
    return caches;
  }

  private static Path cacheIn(Path caches) {
    return caches.resolve("places").resolve("aot").resolve(made.getFileName());
  }

  private static List<String> files(Path caches) throws IOException {
    try (Stream<Path> files = Files.list(caches.resolve("places").resolve("aot"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static boolean isMaking(String file) {
    return !file.endsWith(AotCache.CACHE) && !file.endsWith(AotCache.SUM);
  }

  /** Waits until the process that makes it, which nobody else waits for, has done so. */
  private static Path awaitCache(Path caches) throws IOException {
    long start = System.nanoTime();
    while (files(caches).stream().anyMatch(AotCacheTest::isMaking)) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(3));
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    String name =
        files(caches).stream()
            .filter(file -> file.endsWith(AotCache.CACHE) && !file.startsWith("old-"))
            .findFirst()
            .orElseThrow();
    return caches.resolve("places").resolve("aot").resolve(name);
  }

  private static String launch(Path caches, int nodes, String... nodeOptions) throws Exception {
    return run(caches, List.of(), nodes, nodeOptions);
  }

  private static String run(
      Path caches, List<String> options, int nodes, String... nodeOptions) throws Exception {
    return run(Map.of(), caches, options, nodes, nodeOptions);
  }

  /** Runs the program in a JVM of its own and answers what it prints. */
  private static String run(
      Map<String, String> environment,
      Path caches,
      List<String> options,
      int nodes,
      String... nodeOptions)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(AotCache.java());
    String quick = "-XX:TieredStopAtLevel=1"; // it runs for too short a time to optimise anything, and so do its nodes
    command.add(quick);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, AotBodies.class.getName(), Integer.toString(nodes), quick));
    command.addAll(List.of(nodeOptions));
    Path printed = Files.createTempFile(folder, "printed", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(printed.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    builder.environment().put("XDG_CACHE_HOME", caches.toString());
    Process program = builder.start();
    assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(printed);
  }

  /** Where the nodes of the first launch had a class from. */
  private static List<String> sourcesOf(String name, Path logs) throws IOException {
    List<String> sources = new ArrayList<>();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".classes")).toList()) {
        for (String line : Files.readAllLines(log)) {
          int source = line.indexOf(" source: ");
          if (source >= 0 && line.contains(" " + name)) {
            sources.add(line.substring(source + " source: ".length()));
          }
        }
      }
    }
    return sources;
  }
}
