package io.places;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines are those of a BufferedReader, but for those without an end. */
class LinesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a\n", "\n", "\n\n", "a\r\nb\rc\n\r\n", "\r\r\n\n\r", "gr\u00fcn \ud83d\ude00\n..", "\u2028\n"})
  void eachLineIsGivenAwayWithoutItsEnd(String text) throws IOException {
    assertThat(read(text)).isEqualTo(text.lines().toList());
  }

  @Test
  void aLineIsThereBeforeTheNextOneBegins() throws IOException {
    List<String> lines = new ArrayList<>();
    InputStream slow =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            if (at == 2) {
              assertThat(lines).containsExactly("a");
            }
            return at < 4 ? "a\nb\n".charAt(at++) : -1;
          }

          @Override
          public int read(byte[] into, int from, int most) {
            int next = read();
            into[from] = (byte) next;
            return next < 0 ? -1 : 1;
          }
        };
    Lines.read(slow, lines::add);
    assertThat(lines).containsExactly("a", "b");
  }

  @Test
  void aLongLineComesInPieces() throws IOException {
    String piece = "x".repeat(Lines.LONGEST);
    assertThat(read(piece + "\n" + piece + piece + "y\r\nz")).containsExactly(piece, piece, piece, "y", "z");
    String before = "x".repeat(Lines.LONGEST - 1);
    assertThat(read(before + "\ud83d\ude00.")).containsExactly(before + "\ud83d\ude00", ".");
  }

  private static List<String> read(String text) throws IOException {
    List<String> lines = new ArrayList<>();
    Lines.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), lines::add);
    return lines;
  }
}
