package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordsTest {

  enum Currency {
    EUR,
    CHF
  }

  record Line(String item, int count, double price) {}

  record Order(long id, Currency currency, List<Line> lines, Optional<String> note) {}

  record Everything(
      long l, int i, short s, byte b, char c, boolean z, double d, float f,
      Long bl, Integer bi, Short bs, Byte bb, Character bc, Boolean bz, Double bd, Float bf,
      String text, Currency currency, LocalDate date, Instant instant, Duration duration, UUID uuid,
      Optional<Line> line, Optional<Optional<Integer>> nested, List<List<Long>> lists, Set<String> set,
      Map<String, List<Long>> map, Map<Currency, Line> byEnum, Pair<String, Pair<Long, Line>> pair,
      List<Optional<String>> optionals) {}

  record Pair<A, B>(A first, B second) {}

  static final Everything EVERYTHING =
      new Everything(
          -1L, Integer.MIN_VALUE, Short.MAX_VALUE, (byte) -5, 'ß', true, -0.0, 1.5f,
          Long.MIN_VALUE, 7, (short) -3, (byte) 4, 'x', false, Double.NaN, Float.NEGATIVE_INFINITY,
          "Zürich \uD83D\uDE00 and more than forty-eight characters, so the long way", Currency.CHF,
          LocalDate.of(1815, 6, 9), Instant.parse("1969-12-31T23:59:59.5Z"), Duration.ofMillis(-1500),
          new UUID(1, -2), Optional.of(new Line("", 0, 0)), Optional.of(Optional.empty()),
          List.of(List.of(1L, 2L), List.of()), Set.of("a", "b"), Map.of("k", List.of(3L), "", List.of()),
          Map.of(Currency.EUR, new Line("x", 1, 2)), new Pair<>("p", new Pair<>(9L, new Line("y", -1, 3))),
          List.of(Optional.of(""), Optional.empty()));

  @Test
  void everyKindComesBackEqual() {
    assertThat(roundTrip(MessageType.of(Everything.class), EVERYTHING)).isEqualTo(EVERYTHING);
  }

  @Test
  void whatIsImmutableIsHandedOnAsItIs() {
    assertThat(MessageType.of(Everything.class).copy(EVERYTHING)).isSameAs(EVERYTHING);
  }

  @Test
  void aMutableListIsCopied() {
    var lines = new ArrayList<>(List.of(new Line("tea", 1, 2.5)));
    var order = new Order(1, Currency.EUR, lines, Optional.empty());

    Order copy = MessageType.of(Order.class).copy(order);
    lines.clear();

    assertThat(copy.lines()).containsExactly(new Line("tea", 1, 2.5));
    assertThatThrownBy(() -> copy.lines().clear()).isInstanceOf(UnsupportedOperationException.class);
  }

  static <T> T roundTrip(MessageType<T> type, T value) {
    byte[] bytes = type.encode(type.check(value));
    return type.decode(bytes, 0, bytes.length);
  }

  @Test
  void bytesThatAreNoMessageAreRefusedWithThePathToTheTrouble() {
    assertThatThrownBy(() -> MessageType.of(Order.class).decode(new byte[] {26, 3, 10, 5, 1}, 0, 5))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("5 bytes are no io.places.message.RecordsTest$Order: Order.lines[0].item: a length of 5 bytes"
                + " where 1 are left");
  }
}
