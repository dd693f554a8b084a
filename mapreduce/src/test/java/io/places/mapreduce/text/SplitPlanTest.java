package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.InputException;
import io.places.mapreduce.Seeds;
import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitPlanTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  @RepeatedTest(30)
  void wordsDoNotDependOnWhereSplitsAndBlocksEnd() throws IOException {
    Random random = Seeds.random();
    String text = Texts.random(random);
    List<InputFile> files = List.of(file("a.txt", text), file("b.txt", Texts.random(random)));
    List<String> expected = new ArrayList<>(Texts.words(text));
    expected.addAll(Texts.words(Files.readString(files.getLast().file())));

    for (int size : sizes(random, text.length())) {
      List<String> words = new ArrayList<>();
      for (Split split : SplitPlan.ofSize(files, Border.WORD, size)) {
        for (String block : Texts.blocks(split, 1 + random.nextInt(40))) {
          words.addAll(Texts.words(block));
        }
      }
      assertThat(words).as("splits of %s bytes", size).isEqualTo(expected);
    }
  }

  @RepeatedTest(30)
  void linesDoNotDependOnWhereSplitsEnd() throws IOException {
    Random random = Seeds.random();
    String text = Texts.random(random);
    List<InputFile> files = List.of(file("a.txt", text));
    List<String> expected =
        text.isEmpty()
            ? List.of()
            : Arrays.asList(text.replaceAll("\r?\n\\z", "").split("\r?\n", -1));

    for (int size : sizes(random, text.length())) {
      List<String> lines = new ArrayList<>();
      for (Split split : SplitPlan.ofSize(files, Border.LINE, size)) {
        Texts.lines(split).forEach(line -> lines.add(line.substring(line.indexOf(':') + 1)));
      }
      assertThat(lines).as("splits of %s bytes", size).isEqualTo(expected);
    }
  }

  @Test
  void aLineThatBeginsAtASplitsBorderIsReadOnce() throws IOException {
    List<InputFile> files = List.of(file("a.txt", "one\ntwo\nsix\n"));

    assertThat(SplitPlan.ofSize(files, Border.LINE, 4))
        .extracting(Split::getBytes)
        .containsExactly(4L, 4L, 4L);
  }

  @Test
  void aLargeFileIsCutIntoEqualSplitsAtLines() throws IOException {
    InputFile large = file("large.txt", "0123456789abcde\n".repeat(4 * MIB / 16));

    assertThat(SplitPlan.forWorkers(List.of(large), Border.WORD, 1))
        .extracting(Split::getBytes)
        .containsExactly((long) MIB, (long) MIB, (long) MIB, (long) MIB);
  }

  @Test
  void splitsAreSmallEnoughForManyWorkersButNotTiny() throws IOException {
    InputFile file = new InputFile(Path.of("huge.zip"), "entry", 100L * MIB);
    List<InputFile> entries = Collections.nCopies(100, file);

    assertThat(SplitPlan.forWorkers(entries, Border.WORD, 1)).hasSize(100);
    List<InputFile> small =
        Collections.nCopies(160, new InputFile(Path.of("s.zip"), "entry", MIB / 4));
    assertThat(SplitPlan.forWorkers(small, Border.WORD, 1)).hasSize(4);
    assertThat(SplitPlan.forWorkers(small, Border.WORD, 5)).hasSize(20);
    assertThat(SplitPlan.forWorkers(small, Border.WORD, 1000)).hasSize(40);
  }

  @Test
  void smallFilesAreGroupedInTheirOrderAndEmptyOnesLeftOut() throws IOException {
    List<InputFile> files =
        List.of(file("1", "aaaa"), file("2", ""), file("3", "bbbb"), file("4", "cccc"));

    List<Split> splits = SplitPlan.ofSize(files, Border.WORD, 8);

    assertThat(splits).hasSize(2);
    assertThat(splits.getFirst().getPiecesList())
        .extracting(Piece::getFile)
        .containsExactly(files.get(0).file().toString(), files.get(2).file().toString());
    assertThat(splits.getFirst().getBytes()).isEqualTo(8);
  }

  @Test
  void tenThousandTinyFilesMakeFewSplits() throws IOException {
    List<InputFile> files = Collections.nCopies(10_000, new InputFile(Path.of("f"), "", 1024));

    assertThat(SplitPlan.forWorkers(files, Border.WORD, 2)).hasSizeBetween(8, 12);
  }

  @Test
  void aFileOfOneLineIsCutBetweenWords() throws IOException {
    InputFile file = file("min.json", "{\"key\":12345}".repeat(100_000));

    List<Split> splits = SplitPlan.ofSize(List.of(file), Border.WORD, 500_000);

    assertThat(splits).hasSize(3);
    for (Split split : splits) {
      for (String block : Texts.blocks(split, BlockReader.BLOCK_BYTES)) {
        assertThat(Texts.words(block)).containsOnly("key", "12345");
      }
    }
  }

  @Test
  void aLineTooLongForSplittingByLinesIsRefused() throws IOException {
    InputFile file = file("line.txt", "x ".repeat(10 * MIB));

    assertThatThrownBy(() -> SplitPlan.ofSize(List.of(file), Border.LINE, MIB))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s at byte 1048576: no line end within 16 MiB from there; cut its lines, or read it with TextBlocks, which also cuts between words"
                .formatted(file.file()));
  }

  private static List<Integer> sizes(Random random, int length) {
    return List.of(1, 2, 3, 7, 1 + random.nextInt(length + 1), length + 1);
  }

  private InputFile file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return new InputFile(file, "", Files.size(file));
  }
}
