package io.places.launch;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An entry of this JVM's class path as a jar: the file itself, or a folder packed as one.
 *
 * @param origin the file or folder
 * @param hash the SHA-256 of the jar in hexadecimal
 */
record ClassPathJar(Path origin, String hash) {
  /** Files do not change while a program runs, as a rule: what has the same key is not read again. */
  private static final Map<String, String> HASHES = new ConcurrentHashMap<>();

  /** The earliest time that a zip file knows: packed folders with the same files are the same jar. */
  private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** The class path in its order, with what the jars' manifests add to it. */
  static List<ClassPathJar> ofThisJvm() throws IOException {
    return of(System.getProperty("java.class.path"));
  }

  static List<ClassPathJar> of(String classPath) throws IOException {
    Set<Path> entries = new LinkedHashSet<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      add(Path.of(entry).toAbsolutePath().normalize(), entries);
    }
    List<ClassPathJar> jars = new ArrayList<>();
    for (Path entry : entries) {
      jars.add(new ClassPathJar(entry, hash(entry)));
    }
    return jars;
  }

  /** Its name in a cache. */
  String name() {
    return hash + ".jar";
  }

  void writeTo(OutputStream out) throws IOException {
    write(origin, out);
  }

  private static void add(Path entry, Set<Path> entries) throws IOException {
    if (!Files.exists(entry) || !entries.add(entry) || Files.isDirectory(entry)) {
      return; // the JVM, too, ignores what is missing
    }
    try (var jar = new JarFile(entry.toFile())) {
      Manifest manifest = jar.getManifest();
      String more =
          manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      if (more != null) {
        for (String link : more.strip().split("\\s+", -1)) {
          URI target = entry.toUri().resolve(link);
          if ("file".equals(target.getScheme())) {
            add(Path.of(target).normalize(), entries);
          }
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the manifest of %s has a Class-Path that cannot be read: %s"
              .formatted(entry, e.getMessage()),
          e);
    }
  }

  private static String hash(Path entry) throws IOException {
    String key = entry + "\n" + state(entry);
    String known = HASHES.get(key);
    if (known == null) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        write(entry, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        known = HexFormat.of().formatHex(digest.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java platform has SHA-256", e);
      }
      HASHES.put(key, known);
    }
    return known;
  }

  /** What is different when a content is. */
  private static String state(Path entry) throws IOException {
    var state = new StringBuilder();
    for (Path file : files(entry)) {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      state
          .append(file)
          .append(' ')
          .append(attributes.size())
          .append(' ')
          .append(attributes.lastModifiedTime())
          .append('\n');
    }
    return state.toString();
  }

  private static List<Path> files(Path entry) throws IOException {
    try (Stream<Path> files = Files.walk(entry)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void write(Path entry, OutputStream out) throws IOException {
    if (!Files.isDirectory(entry)) {
      Files.copy(entry, out);
      return;
    }
    var zip = new ZipOutputStream(out);
    for (Path file : files(entry)) {
      var packed =
          new ZipEntry(entry.relativize(file).toString().replace(File.separatorChar, '/'));
      packed.setTimeLocal(ALWAYS);
      zip.putNextEntry(packed);
      Files.copy(file, zip);
      zip.closeEntry();
    }
    zip.finish();
  }
}
