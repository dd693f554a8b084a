package io.places.launch;

import io.places.Clock;
import io.places.Spawner;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/*
 * A cache is made by a process of its own, AotMaker, after the first node that would have used it is up.
 * It is made under another name and then renamed, so whoever looks finds a whole one or none. A file
 * beside it says that it is being made, and stays if that fails: then nobody tries again for an hour.
 *
 * The JVM itself checks that a cache fits: its own build, the jars with their sizes and times. That its
 * content is what was written it does on request only, and a broken one is fatal otherwise. So its checksum
 * stands in a further file, and is compared before the first launch of each JVM; without that file each node
 * is told to look by itself. One that looks says nothing but starts without, and would for ever: so after a
 * node has started a broken one is deleted and made anew, at most once a day.
 */
/**
 * The file out of which the JVM of a node takes classes that are loaded and linked already, which halves the
 * time of its start. There is one for each set of this library's jars, each JDK and each choice of options about
 * modules, in the user's cache folder. It is a convenience: whatever is wrong with it, nodes start without.
 */
final class AotCache {
  /** The system property that turns it off, by the value "off". */
  static final String PROPERTY = "io.places.aot";

  /** What a cache, the file that announces it, and the unfinished files beside it end in. */
  static final String CACHE = ".aot";

  static final String MAKING = ".making";
  static final String PART = ".part";

  /** Of the file with the cache's checksum. */
  static final String SUM = ".sum";

  /** A machine on which no cache can be made is not kept busy with it. */
  static final Duration NEXT_ATTEMPT = Duration.ofHours(1);

  /** How exactly it is known when a cache was last used. */
  private static final Duration USE_KNOWN = Duration.ofDays(1);

  /** Compiling early what was hot while the cache was made costs more than it brings. */
  static final List<String> NO_REPLAY =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTReplayTraining");

  /** How long a cache is not looked at again by a JVM that has launched nodes from it. */
  static final Duration CHECKED = Duration.ofDays(1);

  private static final String SILENT = "-Xlog:aot*=off,cds*=off";

  /** Options that say something about caches themselves, which two cannot do. */
  private static final List<String> OTHERS =
      List.of("-XX:AOT", "-XX:+AOT", "-XX:-AOT", "-XX:SharedArchive", "-XX:ArchiveClasses", "-Xshare");

  /** A JVM leaves a cache aside, and the JDK's own with it, that was made with others of these. */
  private static final List<String> OF_MODULES = List.of("--add-", "--enable-native-access");

  /** Of the environment: each JVM takes options from these, too. */
  private static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final String NOTHING = File.separatorChar == '\\' ? "NUL" : "/dev/null";

  /** The caches that are what was written; guarded by itself. */
  private static final Map<Path, Whole> WHOLE = new HashMap<>();

  private record Whole(FileTime time, long size) {}

  private final NodeClassPath classPath;
  private final List<String> modules;
  private final Path file;

  AotCache(NodeClassPath classPath, List<String> modules, Path file) {
    this.classPath = classPath;
    this.modules = modules;
    this.file = file;
  }

  /**
   * The cache for a class path, whether it exists or not.
   *
   * @param options of the JVM that is to use it, with those of its environment
   * @return null if there is to be none: it is turned off, the library is in no jar, the options choose
   *     another one, or the user has no folder for it that is safe from others
   */
  static @Nullable AotCache of(NodeClassPath classPath, List<String> options) {
    if ("off".equals(System.getProperty(PROPERTY))
        || classPath.library().isEmpty()
        || !isHotSpot()
        || choosesAnother(options)) {
      return null;
    }
    try {
      List<String> modules = modulesOf(options);
      String key = key(classPath.library(), modules);
      return new AotCache(classPath, modules, safe(folder()).resolve(key + CACHE));
    } catch (IOException | SecurityException e) {
      return null; // a home that is missing, read-only or somebody else's
    }
  }

  static boolean isHotSpot() {
    String name = System.getProperty("java.vm.name", "");
    return name.contains("OpenJDK") || name.contains("HotSpot");
  }

  private static boolean choosesAnother(List<String> options) {
    return options.stream().anyMatch(option -> OTHERS.stream().anyMatch(option::startsWith));
  }

  /** All that a JVM is told which gets some options and has an environment. */
  static List<String> withEnvironment(Map<String, String> environment, List<String> options) {
    List<String> all = new ArrayList<>();
    for (String variable : VARIABLES) {
      String value = environment.getOrDefault(variable, "");
      all.addAll(List.of(value.replaceAll("[\"']", "").split("\\s+")));
    }
    all.addAll(options);
    return all;
  }

  /** Those that change which modules there are, and what they may do: one word each, in one order, each once. */
  static List<String> modulesOf(List<String> options) {
    var modules = new TreeSet<String>();
    for (int i = 0; i < options.size(); i++) {
      String option = options.get(i);
      if (OF_MODULES.stream().anyMatch(option::startsWith)) {
        boolean isInTwoWords = !option.contains("=") && i + 1 < options.size();
        modules.add(isInTwoWords ? option + "=" + options.get(++i) : option);
      }
    }
    return List.copyOf(modules);
  }

  private static Path folder() {
    String caches = System.getenv("XDG_CACHE_HOME");
    Path parent =
        caches != null && caches.startsWith("/")
            ? Path.of(caches)
            : Path.of(System.getProperty("user.home"), ".cache");
    return parent.resolve("places").resolve("aot");
  }

  /** A cache is code: nobody else may write one. */
  private static Path safe(Path folder) throws IOException {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (!Files.isDirectory(folder)) {
      if (posix) {
        Files.createDirectories(
            folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(folder);
      }
    }
    if (posix) {
      var attributes = Files.readAttributes(folder, PosixFileAttributes.class);
      if (attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
          || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
          || !attributes.owner().getName().equals(System.getProperty("user.name"))) {
        throw new IOException("others may write to " + folder);
      }
    }
    return folder;
  }

  /** Different when the JVM, an option about modules or a jar is. */
  private static String key(List<Path> jars, List<String> modules) throws IOException {
    var key = new StringBuilder();
    for (String property : List.of("java.home", "java.vm.name", "java.vm.version", "os.arch")) {
      key.append(System.getProperty(property)).append('\n');
    }
    modules.forEach(option -> key.append(option).append('\n'));
    for (Path jar : jars) {
      BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
      key.append(
          "%s %d %s\n".formatted(jar, attributes.size(), attributes.lastModifiedTime().toInstant()));
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(key.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** What a JVM is told that is to start with the cache; nothing if there is none yet. */
  List<String> options() {
    if (!Files.isReadable(file)) {
      return List.of();
    }
    try {
      if (!isYoung(file, USE_KNOWN)) {
        touch(file); // those that are not used go first
      }
    } catch (IOException e) {
      // It may be read and not written.
    }
    List<String> options = new ArrayList<>(List.of("-XX:AOTCache=" + file, SILENT));
    options.addAll(NO_REPLAY);
    if (!isKnownToBeWhole()) {
      options.add("-XX:+VerifySharedSpaces"); // 30 ms of each node's start
    }
    return options;
  }

  /** Whether this JVM has compared its checksum: one look for all the nodes that are launched from here. */
  private boolean isKnownToBeWhole() {
    try {
      var now = new Whole(Files.getLastModifiedTime(file), Files.size(file));
      synchronized (WHOLE) {
        if (!now.equals(WHOLE.get(file))
            && Files.readString(beside(file, SUM)).equals(checksum(file))) {
          WHOLE.put(file, now);
        }
        return now.equals(WHOLE.get(file));
      }
    } catch (IOException e) {
      return false; // no sum is there, or the cache is being deleted: the JVM looks by itself
    }
  }

  /**
   * Has it made if it is missing or damaged. Returns at once; the process that makes it may outlive this
   * one.
   */
  void makeIfMissing() {
    if (!Files.exists(file)) {
      make();
    } else if (!isYoung(beside(file, SUM), CHECKED)) {
      Spawner.system().virtual("places-aot-check", this::makeIfDamaged);
    }
  }

  private void makeIfDamaged() {
    Path sum = beside(file, SUM);
    try {
      if (Files.readString(sum).equals(checksum(file))) {
        touch(sum);
        return;
      }
      Files.deleteIfExists(file);
      Files.deleteIfExists(sum);
    } catch (IOException e) {
      return; // made by a version that wrote no sum, or being deleted
    }
    make();
  }

  /** What is different when a bit is: not against attackers, who cannot write here. */
  static String checksum(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      var sum = new CRC32C();
      sum.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      return "%d %x".formatted(channel.size(), sum.getValue());
    }
  }

  private void make() {
    try {
      if (announce()) {
        maker().start();
      }
    } catch (IOException | SecurityException e) {
      // Nodes start slower, then.
    }
  }

  /** Answers whether nobody else makes it, or has tried to lately. */
  private boolean announce() throws IOException {
    Path making = beside(file, MAKING);
    try {
      Files.createFile(making);
      return true;
    } catch (FileAlreadyExistsException e) {
      if (isYoung(making, NEXT_ATTEMPT)) {
        return false;
      }
      touch(making);
      return true;
    }
  }

  private ProcessBuilder maker() {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/nice"))) {
      command.addAll(List.of("/usr/bin/nice", "-n", "10")); // the program goes first
    }
    command.add(java());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx16m"));
    command.addAll(
        List.of("-cp", classPath.front(), AotMaker.class.getName(), file.toString()));
    command.addAll(modules);
    return quiet(command, file.toAbsolutePath().getParent());
  }

  /** This JVM's own program. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** A process that shares nothing with this one. */
  static ProcessBuilder quiet(List<String> command, @Nullable Path folder) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder == null ? null : folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File(NOTHING)))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    VARIABLES.forEach(builder.environment()::remove);
    return builder;
  }

  /** A file of the same cache with another ending. */
  static Path beside(Path cache, String ending) {
    String name = String.valueOf(cache.getFileName());
    return cache.resolveSibling(name.substring(0, name.length() - CACHE.length()) + ending);
  }

  /** Whether it was made or used within a time; not if it is gone. */
  static boolean isYoung(Path path, Duration age) {
    return lastUse(path).compareTo(FileTime.from(Clock.system().now().minus(age))) > 0;
  }

  /** When it was made or used last; long ago if it is gone. */
  static FileTime lastUse(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return FileTime.from(Instant.EPOCH);
    }
  }

  private static void touch(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Clock.system().now()));
  }
}
