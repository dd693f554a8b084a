package io.places.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

  @Test
  void allCharactersAreRead() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        byte[] bytes = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        if (Utf8.codePoint(bytes, 0, bytes.length) != point || Utf8.length(point) != bytes.length) {
          throw new AssertionError("U+%X".formatted(point));
        }
      }
    }
  }

  @Test
  void aCharacterThatIsCutOffIsMalformed() {
    for (String character : new String[] {"é", "日", "😀"}) {
      byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
      for (int end = 1; end < bytes.length; end++) {
        assertThat(Utf8.codePoint(bytes, 0, end)).isEqualTo(Utf8.MALFORMED);
      }
    }
  }

  @Test
  void whatTheDecoderRefusesIsMalformed() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("test.seed=" + seed);
    Random random = new Random(seed);
    byte[] edges = {
      0, 0x7F, -128, -112, -97, -96, -65, -64, -63, -62, -32, -19, -18, -16, -12, -11, -1
    };
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(4)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] = edges[random.nextInt(edges.length)];
      }
      int point = Utf8.codePoint(bytes, 0, bytes.length);

      // Read as one character exactly if its own length of bytes decodes to it.
      int length = point == Utf8.MALFORMED ? 0 : Utf8.length(point);
      assertThat(decodesToOneCharacter(bytes)).isEqualTo(length == bytes.length);
    }
  }

  private static boolean decodesToOneCharacter(byte[] bytes) {
    try {
      CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return decoded.codePoints().count() == 1;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
