package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.InputException;
import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvRecordsTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text);
  }

  private static List<List<String>> read(CsvRecords format) throws IOException {
    CsvRecords there = new CsvRecords(); // as a worker makes it
    there.configure(format.parameters());
    List<List<String>> records = new ArrayList<>();
    for (Split split : format.splits(3)) {
      try (RecordReader<Origin, List<String>> reader = there.open(split)) {
        while (reader.next()) {
          records.add(reader.value());
        }
        assertThat(reader.bytesRead()).isEqualTo(split.getBytes());
      }
    }
    return records;
  }

  @Test
  void fieldsMayBeQuotedAndContainAnything() throws IOException {
    Path file =
        file(
            "\uFEFFa,b,c\r\n\"x, y\",\"say \"\"hi\"\"\",\"two\r\nlines\n\nof text\"\n,,\n\n\"\",last\"quote,ä");
    assertThat(read(CsvRecords.of(file)))
        .containsExactly(
            List.of("a", "b", "c"),
            List.of("x, y", "say \"hi\"", "two\r\nlines\n\nof text"),
            List.of("", "", ""),
            List.of("", "last\"quote", "ä"));
  }

  @Test
  void theFirstRecordOfEachFileMayBeAHeader() throws IOException {
    Files.writeString(folder.resolve("1"), "\"na\nme\";age\nanna;7\n");
    Files.writeString(folder.resolve("2"), "name;age\nbob;8");
    assertThat(read(CsvRecords.of(folder).separator(';').withHeader()))
        .containsExactly(List.of("anna", "7"), List.of("bob", "8"));
  }

  @Test
  void aHeaderMayStandBehindEmptyLines() throws IOException {
    Files.writeString(folder.resolve("1"), "\n\r\nname,age\nanna,7\n");
    Files.writeString(folder.resolve("2"), "\n\n");
    Files.writeString(folder.resolve("3"), "\uFEFF\nname,age\n\nbob,8\n");
    assertThat(read(CsvRecords.of(folder).withHeader()))
        .containsExactly(List.of("anna", "7"), List.of("bob", "8"));
  }

  @Test
  void largeFilesAreCutOnlyIfNoFieldHasALineEnd() throws IOException {
    List<List<String>> expected = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 150_000; i++) {
      text.append(i).append(",\"number, ").append(i).append("\"\n");
      expected.add(List.of(Integer.toString(i), "number, " + i));
    }
    Path file = file(text.toString());
    CsvRecords cut = CsvRecords.of(file).withoutLineEndsInFields();
    assertThat(CsvRecords.of(file).splits(3)).hasSize(1);
    assertThat(cut.splits(3)).hasSizeGreaterThan(1);
    assertThat(read(cut)).isEqualTo(expected);
  }

  @Test
  void entriesOfAZipFileAreReadToo() throws IOException {
    Path zip = folder.resolve("tables.zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : List.of("a", "b")) {
        out.putNextEntry(new ZipEntry(name));
        out.write("1,\"x\ny\"\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    assertThat(read(CsvRecords.of(zip)))
        .containsExactly(List.of("1", "x\ny"), List.of("1", "x\ny"));
  }

  @Test
  void whatIsNoCsvIsRefusedWithItsPlace() throws IOException {
    assertRefused("a,b\n\"c\"d,e\n", "at byte 4: no record of CSV: 'd' follows a closing quote");
    assertRefused("a\n\"b\nc", "at byte 2: no record of CSV: a quote is not closed before the file ends");
    Files.writeString(folder.resolve("u"), "\"closed\" there");
    assertThatThrownBy(
            () -> read(CsvRecords.of(file("\"a\nb\"\n")).withoutLineEndsInFields()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a line ends within quotes");
    assertThatThrownBy(() -> CsvRecords.of(folder).separator('"'))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void assertRefused(String text, String why) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> read(CsvRecords.of(file)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file + " " + why);
  }

  @Test
  void theFieldsOfARecordTogetherAreBounded() throws IOException {
    String lines = ("x".repeat(9) + "\n").repeat(6);
    Path file = file("\"" + lines + "\"\n\"" + lines + "\",\"" + lines + "\"\n");
    Split split = CsvRecords.of(file).splits(1).getFirst();
    var blocks = new BlockReader(split, Border.LINE, BlockReader.BLOCK_BYTES);
    try (var reader = new CsvReader(new LineReader(blocks), ',', false, false, 100)) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.value()).containsExactly(lines);
      assertThatThrownBy(reader::next)
          .isInstanceOf(InputException.class)
          .hasMessage(
              file + " at byte 63: no record of CSV: it has more than 100 characters; is a quote missing?");
    }
  }

  @Test
  void aQuoteDoesNotReachIntoTheNextFile() throws IOException {
    Files.writeString(folder.resolve("1"), "\"open\n");
    Files.writeString(folder.resolve("2"), "close\"\n");
    assertThatThrownBy(() -> read(CsvRecords.of(folder)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a quote is not closed before the file ends");
  }
}
