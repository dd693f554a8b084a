package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.InputException;
import io.places.mapreduce.OutputException;
import io.places.mapreduce.InputFormat;
import io.places.mapreduce.OutputPart;
import io.places.mapreduce.RecordReader;
import io.places.mapreduce.Seeds;
import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gzip files as input and output, lines of key and value, and whole files. */
class GzipAndWholeFilesTest {
  @TempDir private Path folder;

  @RepeatedTest(5)
  void aGzipFileOfSeveralMembersIsReadAsOneText() throws IOException {
    Random random = Seeds.random();
    List<String> expected = new ArrayList<>();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    int line = 0;
    for (int member = 0; member < 5; member++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(4) * random.nextInt(20_000); i > 0; i--) {
        String words = "line " + line++ + " " + Long.toHexString(random.nextLong());
        expected.add(words);
        text.append(words).append('\n');
      }
      packed.writeBytes(gzip(text.toString()));
    }
    Path file = Files.write(folder.resolve("text.gz"), packed.toByteArray());

    List<Split> splits = TextLines.of(file).splits(8);
    assertThat(splits).hasSize(1);
    assertThat(read(TextLines.of(file), reader -> reader.value())).isEqualTo(expected);
    assertThat(String.join("", read(TextBlocks.of(file), reader -> reader.value().toString())))
        .isEqualTo(expected.isEmpty() ? "" : String.join("\n", expected) + "\n");
  }

  @Test
  void offsetsInAGzipFileAreThoseOfTheUnpackedText() throws IOException {
    String text = "a line of text\n".repeat(100_000); // several blocks
    Path file = Files.write(folder.resolve("text.gz"), gzip(text));

    List<Long> offsets = read(TextLines.of(file), RecordReader::key);
    assertThat(offsets).hasSize(100_000);
    for (int i = 0; i < offsets.size(); i++) {
      assertThat(offsets.get(i)).isEqualTo(15L * i);
    }
  }

  @Test
  void aGzipFileThatIsDamagedIsNamed() throws IOException {
    byte[] whole = gzip("some text that is packed\n".repeat(1_000));
    Path cut = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(whole, whole.length - 10));
    Path wrong = Files.write(folder.resolve("wrong.gz"), new byte[] {1, 2, 3, 4, 5});
    byte[] changed = whole.clone();
    changed[changed.length - 6] ^= 1; // in the checksum
    Path bad = Files.write(folder.resolve("bad.gz"), changed);

    for (Path file : List.of(cut, wrong, bad)) {
      assertThatThrownBy(() -> read(TextLines.of(file), RecordReader::value))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("the gzip file " + file + " is damaged: ");
    }
  }

  @Test
  void aGzipFileThatCannotBeReadIsNamed() throws IOException {
    Path noFile = Files.createDirectory(folder.resolve("text.gz"));
    Piece piece = Piece.newBuilder().setFile(noFile.toString()).setLength(1).build();

    assertThatThrownBy(() -> GzipPiece.open(piece))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("cannot read " + noFile + ": java.io.IOException: ");
  }

  @Test
  void aFileIsClosedIfNothingCanBePackedIntoIt() {
    var file =
        new OutputStream() {
          boolean closed;

          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }

          @Override
          public void close() {
            closed = true;
          }
        };

    assertThatThrownBy(() -> FolderOutput.packed(new PartStream(Path.of("part"), file)))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("cannot write the output file part, at byte 0 of it: no space left; ");
    assertThat(file.closed).isTrue();
  }

  @Test
  void aMemberThatIsDamagedWhereItBeginsIsNoEndWhereverThatIs() throws IOException {
    byte[] second = gzip("second\n");
    byte[] changed = second.clone();
    changed[1] ^= 1;
    for (int size = 65_490; size < 65_550; size++) { // the members meet about where a buffer ends
      byte[] bytes = new byte[size];
      Seeds.random().nextBytes(bytes);
      byte[] first = gzip(new String(bytes, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
      Path good = Files.write(folder.resolve("good.gz"), joined(first, second));
      assertThat(read(WholeFiles.of(good), RecordReader::value).getFirst()).hasSize(size + 7);

      for (byte[] damaged : List.of(changed, Arrays.copyOf(second, 5), new byte[] {'x'})) {
        Path file = Files.write(folder.resolve("bad.gz"), joined(first, damaged));
        assertThatThrownBy(() -> read(WholeFiles.of(file), RecordReader::value))
            .isInstanceOf(InputException.class)
            .hasMessageStartingWith(
                "the gzip file %s is damaged: what begins at byte %d is no member of it"
                    .formatted(file, first.length));
      }
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void outputCanBePacked() throws IOException {
    Path out = folder.resolve("out");
    TextOutput output = new TextOutput();
    output.configure(TextOutput.to(out).gzip().parameters());
    OutputPart part = new OutputPart(0, 0);
    var committer = output.committer();
    committer.begin();
    try (var writer = output.open(part)) {
      writer.write("key", 1L);
      writer.write("other", 2L);
    }
    committer.commit(List.of(part));

    assertThat(out).isDirectoryContaining("glob:**/part-r-00000.gz");
    KeyValueLines written = KeyValueLines.of(out);
    assertThat(read(written, reader -> reader.key() + "=" + reader.value()))
        .containsExactly("key=1", "other=2");
  }

  @Test
  void keyAndValueAreWhatIsBeforeAndBehindTheFirstTab() throws IOException {
    Path file = Files.writeString(folder.resolve("in"), "a\tb\tc\r\nno tab\n\t\nlast\t");

    assertThat(read(KeyValueLines.of(file), r -> r.key() + "=" + r.value()))
        .containsExactly("a=b\tc", "no tab=", "=", "last=");
    assertThat(read(KeyValueLines.of(file), RecordReader::position))
        .startsWith(file + " at byte 0", file + " at byte 7");
  }

  @Test
  void aWholeFileIsARecord() throws IOException {
    Path in = Files.createDirectory(folder.resolve("in"));
    byte[] large = new byte[3 << 20];
    Seeds.random().nextBytes(large);
    Files.write(in.resolve("a"), large);
    Files.write(in.resolve("b.gz"), gzip("x".repeat(200_000)));
    Files.createFile(in.resolve("c"));
    Files.writeString(in.resolve("d"), "d");

    WholeFiles files = WholeFiles.of(in);
    assertThat(read(files, reader -> reader.key().file()))
        .containsExactly(in + "/a", in + "/b.gz", in + "/d");
    List<byte[]> bytes = read(files, RecordReader::value);
    assertThat(bytes.get(0)).isEqualTo(large);
    assertThat(new String(bytes.get(1), StandardCharsets.UTF_8)).isEqualTo("x".repeat(200_000));
    assertThat(bytes.get(2)).containsExactly('d');
  }

  @Test
  void aPackedFileIsRefusedFromTheFirstByteThatIsTooMuchForOneRecord() throws IOException {
    WholeFiles files = new WholeFiles(128 << 10);
    Path most = Files.write(folder.resolve("most.gz"), gzip("x".repeat(128 << 10)));
    Path more = Files.write(folder.resolve("more.gz"), gzip("x".repeat((128 << 10) + 1)));

    files.read(List.of(most));
    assertThat(read(files, RecordReader::value).getFirst()).hasSize(128 << 10);
    files.read(List.of(more));
    assertThatThrownBy(() -> read(files, RecordReader::value))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            more + " at byte 0 has 131073 bytes or more, too many for one record; at most 131072: ");
  }

  /** What all splits for four workers have, in their order. */
  private static <K, V, T> List<T> read(
      InputFormat<K, V> format, Function<RecordReader<K, V>, T> what) throws IOException {
    List<T> all = new ArrayList<>();
    for (Split split : format.splits(4)) {
      try (RecordReader<K, V> reader = format.open(split)) {
        while (reader.next()) {
          all.add(what.apply(reader));
        }
      }
    }
    return all;
  }

  private static byte[] gzip(String text) throws IOException {
    return gzip(text, StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text, Charset in) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text.getBytes(in));
    }
    return packed.toByteArray();
  }
}
