package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyTypeTest {

  @Test
  void encodedLongsSortLikeTheLongs() {
    Random random = Seeds.random();
    List<Long> edges = List.of(Long.MIN_VALUE, -256L, -1L, 0L, 1L, 255L, 256L, Long.MAX_VALUE);
    List<Long> keys = Stream.concat(edges.stream(), random.longs(500).boxed()).toList();

    assertSortsLike(keyType(Long.class), keys, Comparator.naturalOrder());
  }

  @Test
  void encodedIntegersSortLikeTheIntegers() {
    Random random = Seeds.random();
    List<Integer> edges = List.of(Integer.MIN_VALUE, -1, 0, 1, 255, 256, Integer.MAX_VALUE);
    List<Integer> keys = Stream.concat(edges.stream(), random.ints(500).boxed()).toList();

    assertSortsLike(keyType(Integer.class), keys, Comparator.naturalOrder());
  }

  @Test
  void encodedStringsSortByCodePointAndNotByChar() {
    List<String> keys = List.of("", "a", "a\0", "ab", "z", "é", "\uFFFD", "\uD83D\uDE00");

    assertSortsLike(
        keyType(String.class), keys, (l, r) -> Arrays.compare(codePoints(l), codePoints(r)));
  }

  @Test
  void stringsAreTheirUtf8FormAndBytesThemselves() {
    assertThat(keyType(String.class).encode("né")).isEqualTo("né".getBytes(StandardCharsets.UTF_8));
    assertThat(keyType(byte[].class).encode(new byte[] {-1, 0})).containsExactly(-1, 0);
  }

  @Test
  void aDecodedKeyOfBytesIsACopy() {
    byte[] run = {9, 1, 2, 9};
    byte[] key = keyType(byte[].class).decode(run, 1, 2);
    run[1] = 7;

    assertThat(key).containsExactly(1, 2);
  }

  @Test
  void aStringWithHalfASurrogatePairIsRefused() {
    assertThatThrownBy(() -> keyType(String.class).encode("ab\uD83Dc"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the key has an unpaired surrogate (U+D83D at index 2), so it has no UTF-8 form;"
                + " use a key of byte[] for such data");
  }

  @Test
  void otherTypesAreRefusedNamingTheAllowedOnes() {
    assertThatThrownBy(() -> KeyType.of(Double.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "java.lang.Double is no type for keys; keys may be String, Long, Integer, byte[], or a record of such");
  }

  @Test
  void aNumberOfTheWrongLengthIsRefused() {
    assertThatThrownBy(() -> keyType(Long.class).decode(new byte[9], 0, 7))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("a key of 7 bytes came where all have 8");
  }

  private static <K> void assertSortsLike(KeyType<K> type, List<K> keys, Comparator<K> order) {
    List<K> byBytes =
        keys.stream()
            .map(type::encode)
            .sorted(Arrays::compareUnsigned)
            .map(bytes -> type.decode(bytes, 0, bytes.length))
            .toList();

    assertThat(byBytes).containsExactlyElementsOf(keys.stream().sorted(order).toList());
  }

  private static int[] codePoints(String text) {
    return text.codePoints().toArray();
  }

  @SuppressWarnings("unchecked")
  private static <K> KeyType<K> keyType(Class<K> type) {
    return (KeyType<K>) KeyType.of(type);
  }
}
