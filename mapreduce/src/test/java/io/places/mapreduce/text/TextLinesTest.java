package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.InputException;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextLinesTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("text.txt");
  }

  @Test
  void linesEndWithLfOrCrLfAndTheLastNeedNotEnd() throws IOException {
    Files.writeString(file, "one\r\n\ntw\ro\n\r\nlast");

    assertThat(lines()).containsExactly("0:one", "5:", "6:tw\ro", "11:", "13:last");
  }

  @Test
  void aLastLineEndBeginsNoLine() throws IOException {
    Files.writeString(file, "one\n");

    assertThat(lines()).containsExactly("0:one");
  }

  @Test
  void malformedBytesBecomeReplacementCharacters() throws IOException {
    Files.write(file, new byte[] {'a', -1, 'b', '\n'});

    assertThat(lines()).containsExactly("0:a\uFFFDb");
  }

  @Test
  void aByteOrderMarkInFrontOfAFileIsNoPartOfItsFirstLine() throws IOException {
    Files.writeString(file, "\uFEFFone\n\uFEFFtwo\n");
    assertThat(lines()).containsExactly("0:one", "7:\uFEFFtwo");

    Files.writeString(file, "\uFEFF\r\ntwo\n");
    assertThat(lines()).containsExactly("0:", "5:two");

    Files.writeString(file, "\uFEFF");
    assertThat(lines()).containsExactly("0:");
  }

  @Test
  void aLineMayBeLongerThanABlock() throws IOException {
    String line = "x ".repeat(BlockReader.BLOCK_BYTES);
    Files.writeString(file, "short\n" + line + "\nshort");

    assertThat(lines()).containsExactly("0:short", "6:" + line, (7 + line.length()) + ":short");
  }

  @Test
  void aLineOfMoreThan16MibIsRefused() throws IOException {
    Files.writeString(file, "short\n" + "x ".repeat(9 << 20) + "\n");
    Split split = SplitPlan.ofSize(InputFiles.of(List.of(file)), Border.LINE, 1 << 30).getFirst();

    assertThatThrownBy(() -> Texts.lines(split))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s at byte 6: no line end within 16 MiB from there; cut its lines, or read it with TextBlocks, which also cuts between words"
                .formatted(file));
  }

  @Test
  void progressIsCountedByLine() throws IOException {
    Files.writeString(file, "one\ntwo\r\nthree");

    List<Long> progress = new ArrayList<>();
    TextLines lines = TextLines.of(file);
    try (var reader = lines.open(lines.splits(1).getFirst())) {
      while (reader.next()) {
        progress.add(reader.bytesRead());
      }
    }
    assertThat(progress).containsExactly(4L, 9L, 14L);
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Split split : TextLines.of(file).splits(1)) {
      lines.addAll(Texts.lines(split));
    }
    return lines;
  }
}
