package io.places.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.examples.wordcount.TopWords.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopWordsTest {
  @TempDir Path folder;

  @Test
  void theMostFrequentComeFirstAndTiesByTheirBytes() throws IOException {
    // U+FFFD comes before U+1D400 in bytes, but behind its first half as a char.
    Files.writeString(folder.resolve("part-r-00000"), "b\t2\n\uD835\uDC00\t2\nrare\t1\n");
    Files.writeString(folder.resolve("part-r-00001"), "a\t2\n\uFFFD\t2\noften\t7\n");
    Files.writeString(folder.resolve("notes"), "no part");

    TopWords words = TopWords.of(folder, 5);

    assertThat(words.top())
        .containsExactly(
            new Count("often", 7),
            new Count("a", 2),
            new Count("b", 2),
            new Count("\uFFFD", 2),
            new Count("\uD835\uDC00", 2));
    assertThat(words.total()).isEqualTo(16);
    assertThat(words.distinct()).isEqualTo(6);
  }

  @Test
  void noTopWordsAndNoWordsAreFine() throws IOException {
    Files.writeString(folder.resolve("part-r-00000"), "");
    assertThat(TopWords.of(folder, 3).top()).isEmpty();

    Files.writeString(folder.resolve("part-r-00001"), "a\t2\n");
    assertThat(TopWords.of(folder, 0).top()).isEmpty();
    assertThat(TopWords.of(folder, 0).total()).isEqualTo(2);
  }

  @Test
  void aLineThatIsNoCountIsNamed() throws IOException {
    Path part = Files.writeString(folder.resolve("part-r-00000"), "a\t2\nbroken\n");

    assertThatThrownBy(() -> TopWords.of(folder, 3))
        .isInstanceOf(IOException.class)
        .hasMessage(part + " has a line that is no word<TAB>count: broken");
  }
}
