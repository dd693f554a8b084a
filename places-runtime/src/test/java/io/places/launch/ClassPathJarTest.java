package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a class path is sent to another machine. */
class ClassPathJarTest {
  @TempDir private Path folder;

  @Test
  void whatAManifestNamesBelongsToTheClassPath() throws IOException {
    jar("lib/deep.jar", "");
    jar("lib/side.jar", "deep.jar");
    jar("app.jar", "lib/side.jar missing.jar app.jar https://example.invalid/x.jar");
    jar("last.jar", "");

    assertThat(origins("app.jar", "nowhere.jar", "lib/side.jar", "last.jar"))
        .containsExactly("app.jar", "lib/side.jar", "lib/deep.jar", "last.jar");
  }

  @Test
  void aFolderIsPackedToTheSameJarWheneverItHoldsTheSame() throws Exception {
    write("one/b/B.class", "bytes of B");
    write("one/a/A.class", "bytes of A");
    write("two/a/A.class", "bytes of A");
    write("two/b/B.class", "bytes of B");
    Files.setLastModifiedTime(
        folder.resolve("two/a/A.class"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

    List<ClassPathJar> jars = jars("one", "two");

    assertThat(jars.get(0).hash()).isEqualTo(jars.get(1).hash());
    var packed = new ByteArrayOutputStream();
    jars.get(0).writeTo(packed);
    assertThat(jars.get(0).hash())
        .isEqualTo(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(packed.toByteArray())));
    Path jar = Files.write(folder.resolve("packed.jar"), packed.toByteArray());
    try (var opened = new JarFile(jar.toFile())) {
      assertThat(opened.stream().map(ZipEntry::getName))
          .containsExactly("a/A.class", "b/B.class");
    }

    write("two/b/B.class", "other bytes of B");
    assertThat(jars("two").getFirst().hash()).isNotEqualTo(jars.get(1).hash());
  }

  private List<String> origins(String... entries) throws IOException {
    return jars(entries).stream()
        .map(jar -> folder.relativize(jar.origin()).toString())
        .toList();
  }

  private List<ClassPathJar> jars(String... entries) throws IOException {
    List<String> paths =
        List.of(entries).stream().map(entry -> folder.resolve(entry).toString()).toList();
    return ClassPathJar.of(String.join(File.pathSeparator, paths));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void jar(String name, String classPath) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!classPath.isEmpty()) {
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    }
    try (OutputStream out = Files.newOutputStream(file);
        var jar = new JarOutputStream(out, manifest)) {
      jar.putNextEntry(new ZipEntry(name + ".txt"));
    }
  }
}
