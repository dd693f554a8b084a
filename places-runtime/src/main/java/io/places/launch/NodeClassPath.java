package io.places.launch;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The class path of a node: that of this JVM, with this library's jars in front. An AOT cache fits every
 * class path that begins with the jars that it was made from, so one serves all programs that use the
 * library, and folders of classes may follow.
 *
 * @param library this library's jars and those that it stands on, in the order of their names; empty if the
 *     library is in no jar
 * @param rest all else, in its order
 */
record NodeClassPath(List<Path> library, List<String> rest) {
  /** What the library stands on. Whichever is missing here starts a little slower. */
  private static final Set<String> NEEDED =
      Set.of(
          "caffeine",
          "error_prone_annotations",
          "jackson-core",
          "jspecify",
          "protobuf-java",
          "slf4j-api",
          "snakeyaml-engine",
          "vertx-core",
          "vertx-core-logging");

  private static final String NEEDED_FAMILY = "netty-";

  private static final Pattern JAR = Pattern.compile("(.+?)-\\d[^/]*\\.jar");

  static NodeClassPath ofThisJvm() {
    return of(System.getProperty("java.class.path"), ownJar());
  }

  /**
   * @param own the jar that this library is in; some folder if it is in none
   */
  static NodeClassPath of(String classPath, Path own) {
    List<Path> library = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    boolean hasOwn = false;
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      boolean isOwn = path.equals(own);
      if ((isOwn || isNeeded(path)) && Files.isRegularFile(path)) {
        library.add(path);
        hasOwn |= isOwn;
      } else {
        rest.add(entry);
      }
    }
    library.sort(null); // so that programs that name them in different orders share a cache
    return hasOwn
        ? new NodeClassPath(library, rest)
        : new NodeClassPath(List.of(), List.of(classPath));
  }

  private static boolean isNeeded(Path path) {
    Path file = path.getFileName();
    Matcher name = JAR.matcher(file == null ? "" : file.toString());
    return name.matches()
        && (NEEDED.contains(name.group(1)) || name.group(1).startsWith(NEEDED_FAMILY));
  }

  private static Path ownJar() {
    CodeSource source = NodeClassPath.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? Path.of("") : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Path.of(""); // loaded in a way of its own, such as out of a jar in a jar
    }
  }

  /** The jars of the library, as a class path. */
  String front() {
    return String.join(File.pathSeparator, library.stream().map(Path::toString).toList());
  }

  @Override
  public String toString() {
    List<String> all = new ArrayList<>(library.stream().map(Path::toString).toList());
    all.addAll(rest);
    return String.join(File.pathSeparator, all);
  }
}
