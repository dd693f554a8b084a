package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RankOutputTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final RankOutput output = new RankOutput("3 | ", printed);
  private final PrintStream rank = new PrintStream(output, true, StandardCharsets.UTF_8);

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLineIsPrintedWhenItIsWholeWithTheTagInFront() {
    rank.print("half");
    rank.flush();
    assertThat(printed()).isEmpty();

    rank.print(" a line\n\nthird");
    assertThat(printed()).isEqualTo("3 | half a line\n3 | \n");
  }

  @Test
  void aLastLineWithoutAnEndIsPrintedWhenTheRankIsOver() throws IOException {
    rank.print("first\nlast");
    output.close();
    output.close();

    assertThat(printed()).isEqualTo("3 | first\n3 | last\n");
  }

  @Test
  void aLineWithoutBoundIsPrintedInPiecesAndNoCharacterIsCut() {
    String line = "x" + "\u00fc".repeat(RankOutput.MOST_LINE);
    rank.println(line);

    assertThat(printed().lines()).hasSizeGreaterThan(1).allMatch(piece -> piece.startsWith("3 | "));
    assertThat(printed().replace("3 | ", "").replace("\n", "")).isEqualTo(line);
  }
}
