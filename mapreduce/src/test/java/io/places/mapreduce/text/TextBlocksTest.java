package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.InputException;
import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextBlocksTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("text.txt");
  }

  @Test
  void aBlockEndsAtTheLastLineThatFits() throws IOException {
    Files.writeString(file, "one\ntwo\nthree\nfour");

    assertThat(Texts.blocks(whole(), 10)).containsExactly("one\ntwo\n", "three\nfour");
  }

  @Test
  void aLineLongerThanABlockIsCutBetweenWords() throws IOException {
    Files.writeString(file, "alpha beta gamma\n");

    assertThat(Texts.blocks(whole(), 8)).containsExactly("alpha ", "beta ", "gamma\n");
  }

  @Test
  void aWordLongerThanABlockIsNotCut() throws IOException {
    Files.writeString(file, "a " + "b".repeat(50) + " c " + "d".repeat(50));

    assertThat(Texts.blocks(whole(), 4))
        .containsExactly("a ", "b".repeat(50) + " c ", "d".repeat(50));
  }

  @Test
  void aCharacterOfSeveralBytesIsNotCut() throws IOException {
    Files.writeString(file, "日本語日本語 日本語日本語日本語");

    assertThat(Texts.blocks(whole(), 4)).containsExactly("日本語日本語 ", "日本語日本語日本語");
  }

  @Test
  void bytesThatAreNoTextAreHandedOnAsTheyAre() throws IOException {
    byte[] bytes = {'a', -1, 0, '\n', -128, 'b'};
    Files.write(file, bytes);

    try (var reader = new TextBlocks(4).open(whole())) {
      List<byte[]> blocks = new ArrayList<>();
      while (reader.next()) {
        TextBlock block = reader.value();
        assertThat(block.offset()).isZero();
        blocks.add(Arrays.copyOf(block.bytes(), block.length()));
      }
      assertThat(Texts.joined(blocks.toArray(byte[][]::new))).isEqualTo(bytes);
    }
  }

  @Test
  void theKeySaysWhereABlockWasRead() throws IOException {
    Files.writeString(file, "one\ntwo\nthree\nfour");

    try (var reader = new TextBlocks(9).open(piece(4, 14))) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.key()).isEqualTo(new Origin(file.toString(), "", 4));
      assertThat(reader.value()).hasToString("two\n");
      assertThat(reader.next()).isTrue();
      assertThat(reader.key()).hasToString(file + " at byte 8");
      assertThat(reader.next()).isFalse();
      assertThat(reader.bytesRead()).isEqualTo(14);
    }
  }

  @Test
  void aKeptBlockStaysWhatItWas() throws IOException {
    Files.writeString(file, "one\ntwo\nthree\n");

    List<TextBlock> kept = new ArrayList<>();
    try (var reader = new TextBlocks(6).open(whole())) {
      while (reader.next()) {
        kept.add(reader.value());
      }
    }
    assertThat(kept).extracting(TextBlock::toString).containsExactly("one\n", "two\n", "three\n");
  }

  @Test
  void aBlockNeverSpansTwoFiles() throws IOException {
    Files.writeString(file, "one");
    Split twice =
        Split.newBuilder().addPieces(whole().getPieces(0)).addPieces(whole().getPieces(0)).build();

    assertThat(Texts.blocks(twice, 100)).containsExactly("one", "one");
  }

  @Test
  void aTextIsCutBehindPunctuationAndMalformedBytesOfAnyLength() throws IOException {
    byte[] malformed = new byte[100];
    Arrays.fill(malformed, (byte) 0xFF);
    byte[] continuations = new byte[100];
    Arrays.fill(continuations, (byte) 0x80);
    for (byte[] text :
        List.of(Texts.utf8("漢字。漢字。".repeat(20)), malformed, continuations)) {
      Files.write(file, text);
      List<String> blocks = new ArrayList<>();
      try (var reader = new TextBlocks(16).open(whole())) {
        while (reader.next()) {
          blocks.add(reader.value().toString());
          assertThat(reader.value().length()).isLessThanOrEqualTo(16);
        }
      }
      if (text[0] != (byte) 0xFF && text[0] != (byte) 0x80) {
        assertThat(blocks).allMatch(block -> block.endsWith("。"));
      }
      assertThat(blocks).hasSizeGreaterThan(5);
    }
  }

  @Test
  void aRunWithoutAnyBorderIsRefused() throws IOException {
    byte[] letters = new byte[17 << 20];
    Arrays.fill(letters, (byte) 'x');
    Files.write(file, Texts.joined(Texts.utf8("fine\n"), letters));

    assertThatThrownBy(() -> Texts.blocks(whole(), BlockReader.BLOCK_BYTES))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s at byte 5: no line end, space or punctuation within 16 MiB from there; put line ends or spaces into it, or leave the file out if it is no text"
                .formatted(file));
  }

  @Test
  void aFileThatHasShrunkIsNoticed() throws IOException {
    Files.writeString(file, "one\ntwo\n");
    Split before = whole();
    Files.writeString(file, "one\n");

    assertThatThrownBy(() -> Texts.blocks(before, 100))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the file %s has shrunk since the job began: it ends at byte 4, and had 8 or more"
                .formatted(file));
  }

  @Test
  void aFileThatHasVanishedIsNoticed() throws IOException {
    Files.writeString(file, "one\n");
    Split before = whole();
    Files.delete(file);

    assertThatThrownBy(() -> Texts.blocks(before, 100))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the file %s has vanished since the job began, or is not there on this host: input must be reachable by the same path on all hosts"
                .formatted(file));
  }

  @Test
  void aFileThatHasGrownIsReadAsFarAsItWas() throws IOException {
    Files.writeString(file, "one\n");
    Split before = whole();
    Files.writeString(file, "one\ntwo\n");

    assertThat(Texts.blocks(before, 100)).containsExactly("one\n");
  }

  @Test
  void aFormatIsMadeAnewFromItsParameters() throws IOException {
    Files.writeString(file, "one\n");
    TextBlocks copy = new TextBlocks();
    copy.configure(TextBlocks.of(file, folder).parameters());

    assertThat(copy).hasToString("TextBlocks[" + file + ", " + folder + "]");
    assertThat(copy.splits(1)).hasSize(1);
  }

  @Test
  void anInputWithoutPathsIsRefused() {
    assertThatThrownBy(TextBlocks::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an input needs at least one path");
  }

  private Split whole() throws IOException {
    return piece(0, Files.size(file));
  }

  private Split piece(long offset, long length) {
    return Split.newBuilder()
        .setBytes(length)
        .addPieces(Piece.newBuilder().setFile(file.toString()).setOffset(offset).setLength(length))
        .build();
  }
}
