package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.OutputCommitter;
import io.places.mapreduce.OutputException;
import io.places.mapreduce.OutputPart;
import io.places.mapreduce.RecordWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TextOutputTest {
  @TempDir Path folder;
  private Path out;
  private TextOutput output;
  private OutputCommitter committer;

  @BeforeEach
  void makeOutput() {
    out = folder.resolve("out");
    output = TextOutput.to(out);
    committer = output.committer();
  }

  @Test
  void partsAppearWhenTheyAreCommitted() throws IOException {
    committer.begin();
    write(new OutputPart(0, 0), "apple", 3L);
    write(new OutputPart(1, 0), "pear", 1L);
    assertThat(files())
        .containsExactly("_temporary/r-00000-0/part-r-00000", "_temporary/r-00001-0/part-r-00001");

    committer.commit(List.of(new OutputPart(0, 0), new OutputPart(1, 0)));

    assertThat(files()).containsExactly("part-r-00000", "part-r-00001");
    assertThat(out.resolve("part-r-00000")).hasContent("apple\t3\n");
    assertThat(out.resolve("_temporary")).doesNotExist();
  }

  @Test
  void onlyTheCommittedAttemptOfAPartAppears() throws IOException {
    committer.begin();
    write(new OutputPart(0, 0), "slow", 1L);
    write(new OutputPart(0, 1), "fast", 2L);

    committer.commit(List.of(new OutputPart(0, 1)));

    assertThat(files()).containsExactly("part-r-00000");
    assertThat(out.resolve("part-r-00000")).hasContent("fast\t2\n");
  }

  @Test
  void aPartThatIsMissingAtTheCommitLeavesNoPartAfterTheAbort() throws IOException {
    committer.begin();
    write(new OutputPart(0, 0), "apple", 3L);

    assertThatThrownBy(() -> committer.commit(List.of(new OutputPart(0, 0), new OutputPart(1, 0))))
        .isInstanceOf(NoSuchFileException.class);
    committer.abort();

    assertThat(out).doesNotExist();
  }

  @Test
  void anAbortRemovesOnlyWhatTheJobHasMade() throws IOException {
    Path parent = Files.createDirectory(folder.resolve("old"));
    OutputCommitter deep = TextOutput.to(parent.resolve("new/deeper/out")).committer();
    deep.begin();
    Files.writeString(parent.resolve("new/precious"), "data");

    deep.abort();

    assertThat(parent.resolve("new/deeper")).doesNotExist();
    assertThat(parent.resolve("new/precious")).exists();
  }

  @Test
  void anOutputThatExistsIsRefusedAndSurvivesTheAbort() throws IOException {
    Files.createDirectory(out);

    assertThatThrownBy(committer::begin)
        .isInstanceOf(OutputException.class)
        .hasMessage("the output folder " + out + " exists: remove it, or choose another");
    committer.abort();

    assertThat(out).exists();
  }

  @Test
  void theRemainsOfAKilledJobAreCalledSo() throws IOException {
    committer.begin();

    assertThatThrownBy(() -> output.committer().begin())
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "the output folder %s exists; it was left by a job that did not end, or is still running: remove it, or choose another"
                .formatted(out));
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path below = file.resolve("out");

    assertThatThrownBy(() -> TextOutput.to(below).committer().begin())
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("cannot make the output folder " + below)
        .hasMessageEndingWith("; choose one in a folder that can be written");
  }

  @Test
  @EnabledOnOs(OS.LINUX) // which has a file for which there is never room
  void aFullDiskIsToldWithTheFileAndWhatToDo() {
    Path full = Path.of("/dev/full");

    assertThatThrownBy(
            () -> {
              OutputStream file = new PartStream(full, Files.newOutputStream(full));
              try (var writer = output.writer(new BufferedOutputStream(file))) {
                writer.write("apple", 3L);
              }
            })
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "cannot write the output file /dev/full, at byte 0 of it: No space left on device; if there is no room,"
                + " make some, or choose another output folder");
  }

  @Test
  void anAttemptThatOutlivesItsJobBringsNothingBack() throws IOException {
    committer.begin();
    committer.abort();

    assertThatThrownBy(() -> output.open(new OutputPart(0, 0)))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(
            out
                + ": the job has ended, or the folder is not there on this host: it must be reachable by the same path on all hosts");
    assertThat(out).doesNotExist();
  }

  @Test
  void attemptsThatStillWriteForAWhileDoNotCostTheOutput() throws Exception {
    committer.begin();
    write(new OutputPart(0, 0), "apple", 3L);
    long end = System.nanoTime() + Duration.ofMillis(250).toNanos();
    List<Thread> late = new ArrayList<>();
    CountDownLatch writing = new CountDownLatch(4);
    for (int attempt = 1; attempt <= 4; attempt++) {
      Path folder = out.resolve("_temporary/r-00000-" + attempt);
      late.add(Thread.ofPlatform().start(() -> makeFiles(folder, end, writing)));
    }
    writing.await();
    committer.commit(List.of(new OutputPart(0, 0)));

    for (Thread attempt : late) {
      attempt.join();
    }
    assertThat(out).isDirectoryContaining("glob:**/part-r-00000");
    assertThat(out.resolve("_temporary")).doesNotExist();
  }

  /** Begins again where its files are removed, as long as there is a folder for it. */
  private static void makeFiles(Path folder, long end, CountDownLatch writing) {
    for (int file = 0; System.nanoTime() - end < 0; file++) {
      try {
        if (!Files.exists(folder)) {
          Files.createDirectory(folder); // not what it is in
        }
        Files.createFile(folder.resolve("file-" + file));
        writing.countDown();
      } catch (IOException e) {
        // it was removed meanwhile
      }
    }
  }

  @Test
  void bytesAreWrittenAsTheyAreAndEverythingElseAsText() throws IOException {
    committer.begin();
    write(new OutputPart(0, 0), new byte[] {'k', -1}, "é");
    committer.commit(List.of(new OutputPart(0, 0)));

    assertThat(out.resolve("part-r-00000"))
        .hasBinaryContent(Texts.joined(new byte[] {'k', -1}, Texts.utf8("\té\n")));
  }

  @Test
  void keysMayBeLeftOut() throws IOException {
    TextOutput values = new TextOutput();
    values.configure(output.gzip().valuesOnly().gzip().parameters());
    committer = values.committer();
    committer.begin();
    try (RecordWriter<Object, Object> writer = values.open(new OutputPart(0, 0))) {
      writer.write("key", "a line");
      writer.write("key", "another");
      assertThat(writer.bytesWritten()).isEqualTo(15);
    }
    committer.commit(List.of(new OutputPart(0, 0)));

    try (var in = new GZIPInputStream(Files.newInputStream(out.resolve("part-r-00000.gz")))) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("a line\nanother\n");
    }
  }

  @Test
  void theBytesWrittenAreCounted() throws IOException {
    committer.begin();
    try (RecordWriter<Object, Object> writer = output.open(new OutputPart(0, 0))) {
      writer.write("é", 10);
      assertThat(writer.bytesWritten()).isEqualTo(6);
    }
  }

  @Test
  void aFormatIsMadeAnewFromItsParameters() throws IOException {
    TextOutput copy = new TextOutput();
    copy.configure(output.parameters());
    copy.committer().begin();

    assertThat(out).exists();
  }

  private void write(OutputPart part, Object key, Object value) throws IOException {
    try (RecordWriter<Object, Object> writer = output.open(part)) {
      writer.write(key, value);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(out)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> out.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
