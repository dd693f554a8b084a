package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.InputException;
import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input from a file system other than the default one: that within a zip file. */
class OtherFileSystemsTest {
  @TempDir private Path folder;
  private URI zip = URI.create("none:yet");

  @BeforeEach
  void makeZip() throws IOException {
    Path file = folder.resolve("with space.archive");
    zip = URI.create("jar:" + file.toUri());
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.createDirectories(system.getPath("/texts"));
      Files.writeString(system.getPath("/texts/a"), "one\ntwo\n");
      Files.writeString(system.getPath("/texts/large"), "line\n".repeat(600_000));
    }
  }

  private static List<String> read(TextLines format) throws IOException {
    TextLines there = new TextLines(); // as a worker makes it
    there.configure(format.parameters());
    List<String> lines = new ArrayList<>();
    for (Split split : format.splits(2)) {
      try (RecordReader<Long, String> reader = there.open(split)) {
        while (reader.next()) {
          lines.add(reader.value());
        }
      }
    }
    return lines;
  }

  @Test
  void foldersInItAreReadAndLargeFilesCut() throws IOException {
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of())) {
      TextLines lines = TextLines.of(system.getPath("/texts"));
      assertThat(lines.splits(2)).hasSizeGreaterThan(2);
      assertThat(read(lines)).hasSize(600_002).startsWith("one", "two", "line");
    }
  }

  @Test
  void aProcessThatHasNotOpenedItOpensIt() throws IOException {
    TextLines lines;
    Split split;
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of())) {
      lines = TextLines.of(system.getPath("/texts/a"));
      split = lines.splits(1).getFirst();
    }
    assertThat(split.getPieces(0).getFile()).startsWith("jar:file:").endsWith("!/texts/a");
    TextLines there = new TextLines();
    there.configure(lines.parameters());
    try (RecordReader<Long, String> reader = there.open(split)) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.value()).isEqualTo("one");
    } finally {
      FileSystems.getFileSystem(zip).close();
    }
  }

  @Test
  void outputToItIsRefusedAndDoesNotGoElsewhere() throws IOException {
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of())) {
      Path there = system.getPath("/out");
      assertThatThrownBy(() -> TextOutput.to(there))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("output goes to a folder of the default file system")
          .hasMessageContaining(there.toUri().toString());
    }
  }

  @Test
  void aFileSystemThatIsNotThereIsNamed() {
    TextLines lines = new TextLines();
    assertThatThrownBy(() -> lines.configure(Map.of("path.0", "jar:file:/no/such.zip!/a")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the file system of jar:file:/no/such.zip!/a cannot be opened here");
  }
}
