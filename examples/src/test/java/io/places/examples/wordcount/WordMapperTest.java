package io.places.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordMapperTest {

  @Test
  void aWordIsARunOfLettersAndDigitsInLowerCase() {
    assertThat(count("The cat's 2nd THE; x_y, naïve-NAÏVE"))
        .isEqualTo(Map.of("the", 2L, "cat", 1L, "s", 1L, "2nd", 1L, "x", 1L, "y", 1L, "naïve", 2L));
  }

  @Test
  void lettersAndDigitsOfAllScriptsMakeWords() {
    assertThat(count("Straße ΑΒΓ 日本語 ٣٤ \uD835\uDC00\uD835\uDFCE"))
        .isEqualTo(
            Map.of("straße", 1L, "αβγ", 1L, "日本語", 1L, "٣٤", 1L, "\uD835\uDC00\uD835\uDFCE", 1L));
  }

  @Test
  void aWordIsLowerCasedAsAWhole() {
    // A capital sigma at the end of a word has another lower case than one within; a dotted capital
    // I
    // becomes two characters, the second of which is no letter.
    assertThat(count("ΟΔΟΣ ΣΟΣ İx")).isEqualTo(Map.of("οδος", 1L, "σος", 1L, "i\u0307x", 1L));
  }

  @Test
  void asciiAndOtherLettersMakeOneWord() {
    assertThat(count("caféBAR Écafé aÉ")).isEqualTo(Map.of("cafébar", 1L, "écafé", 1L, "aé", 1L));
  }

  @Test
  void charactersThatAreNoLettersSeparateWords() {
    assertThat(count("a—b\u00A0c\uFEFFd\u0307e😀f"))
        .isEqualTo(Map.of("a", 1L, "b", 1L, "c", 1L, "d", 1L, "e", 1L, "f", 1L));
  }

  @Test
  void malformedBytesSeparateWordsAndAreCounted() {
    byte[] cut = {'a', (byte) 0xE2, (byte) 0x82, 'b'};
    byte[] overlong = {'a', (byte) 0xC0, (byte) 0xAF, 'b'};
    byte[] surrogate = {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80, 'b'};
    byte[] beyond = {'a', (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80, 'b'};
    byte[] cutAtTheEnd = {'a', ' ', 'b', (byte) 0xF0, (byte) 0x9F, (byte) 0x98};

    assertMalformed(cut, 2);
    assertMalformed(overlong, 2);
    assertMalformed(surrogate, 3);
    assertMalformed(beyond, 4);
    assertMalformed(cutAtTheEnd, 3);
  }

  @Test
  void longWordsAreToldApart() {
    String same = "x".repeat(100);

    assertThat(count(same + "a " + same + "b a" + same + " " + same + "A"))
        .isEqualTo(Map.of(same + "a", 2L, same + "b", 1L, "a" + same, 1L));
  }

  @Test
  void theLastWordOfABlockIsCountedWhateverLiesBehindIt() {
    for (int length = 1; length < 20; length++) {
      String word = "z".repeat(length);
      assertThat(count("a " + word)).isEqualTo(Map.of("a", 1L, word, 1L));
      assertThat(count("A " + word + "9")).isEqualTo(Map.of("a", 1L, word + "9", 1L));
    }
  }

  @Test
  void eachCharacterAloneWithinAndAtTheEndOfAWordIsCountedAsTheReferenceCountsIt() {
    var text = new StringBuilder();
    for (char c = 0; c < 0x1200; c++) {
      text.append(c).append(" a").append(c).append("B a").append(c).append(' ');
    }
    byte[] all = utf8(text.toString());

    assertLikeReference(all, Counting.of(all));
  }

  @RepeatedTest(50)
  void randomTextIsCountedAsTheReferenceCountsIt() {
    byte[] text = randomText(new Random(seed()));

    assertLikeReference(text, Counting.of(text));
  }

  @RepeatedTest(5)
  void aFileIsCountedAsTheReferenceCountsItWhateverItsSplits(@TempDir Path folder)
      throws IOException {
    Random random = new Random(seed());
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (text.size() < 3 << 20) {
      text.writeBytes(randomText(random));
    }
    Path file = Files.write(folder.resolve("text"), text.toByteArray());

    assertLikeReference(text.toByteArray(), Counting.of(file, 1 + random.nextInt(4)));
  }

  private static void assertLikeReference(byte[] text, Counting counting) {
    Reference reference = new Reference();
    reference.add(text);

    assertThat(counting.counts()).isEqualTo(reference.counts());
    assertThat(counting.malformed()).isEqualTo(reference.malformed());
  }

  private static void assertMalformed(byte[] text, long malformed) {
    Counting counting = Counting.of(text);

    assertThat(counting.counts()).isEqualTo(Map.of("a", 1L, "b", 1L));
    assertThat(counting.malformed()).isEqualTo(malformed);
    assertLikeReference(text, counting);
  }

  /** Words, punctuation, characters of any script, half characters, and plain noise. */
  private static byte[] randomText(Random random) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = random.nextInt(200); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> text.writeBytes(utf8("Word" + random.nextInt(20)));
        case 1 -> text.writeBytes(utf8(" \n,;_—".substring(random.nextInt(6)).substring(0, 1)));
        case 2 -> text.writeBytes(utf8(Character.toString(codePoint(random))));
        case 3 -> text.writeBytes(utf8("ΣΑΣ İĞ ǅ"));
        case 4 -> {
          byte[] character = utf8(Character.toString(codePoint(random)));
          text.write(character, 0, random.nextInt(character.length + 1));
        }
        default -> text.write(random.nextInt(256));
      }
    }
    return text.toByteArray();
  }

  private static int codePoint(Random random) {
    int bits = random.nextInt(22);
    int point = random.nextInt(Math.min(1 << bits, Character.MAX_CODE_POINT) + 1);
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 'a' : point;
  }

  private static long seed() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("test.seed=" + seed);
    return seed;
  }

  private static Map<String, Long> count(String text) {
    return Counting.of(utf8(text)).counts();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
