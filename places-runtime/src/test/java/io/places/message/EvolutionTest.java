package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two versions of a record read each other as two versions of a protobuf message do. */
class EvolutionTest {
  enum Size {
    SMALL,
    LARGE
  }

  enum OldSize {
    SMALL
  }

  record Inner(String text) {}

  record Old(int id, String name) {}

  @SuppressWarnings("ArrayRecordComponent") // the default of an array is tested
  record New(
      int id, String name, Inner inner, Optional<Inner> maybe, List<Long> numbers, Map<String, Inner> map,
      Size size, Instant when, double[] block, boolean flag) {}

  record Removed(@Field(2) String name) {}

  @Test
  void whatAnOldSenderLeavesOutIsItsDefault() {
    byte[] bytes = MessageType.of(Old.class).encode(new Old(7, "seven"));
    New read = MessageType.of(New.class).decode(bytes, 0, bytes.length);

    assertThat(read)
        .usingRecursiveComparison()
        .isEqualTo(
            new New(
                7, "seven", new Inner(""), Optional.empty(), List.of(), Map.of(), Size.SMALL,
                Instant.EPOCH, new double[0], false));
  }

  @Test
  void whatAnOldReceiverDoesNotKnowIsSkipped() {
    New sent =
        new New(
            7, "seven", new Inner("x"), Optional.of(new Inner("y")), List.of(1L, 300L),
            Map.of("k", new Inner("z")), Size.LARGE, Instant.MAX, new double[] {1}, true);
    byte[] bytes = MessageType.of(New.class).encode(sent);

    assertThat(MessageType.of(Old.class).decode(bytes, 0, bytes.length)).isEqualTo(new Old(7, "seven"));
    assertThat(MessageType.of(Removed.class).decode(bytes, 0, bytes.length))
        .isEqualTo(new Removed("seven"));
  }

  sealed interface OldShape {}

  record Square(double side) implements OldShape {}

  sealed interface NewShape {}

  record NewSquare(double side) implements NewShape {}

  record Disc(double radius) implements NewShape {}

  @Test
  void aReceiverRefusesWhatItHasNoCaseFor() {
    byte[] known = MessageType.of(NewShape.class).encode(new NewSquare(2));
    assertThat(MessageType.of(OldShape.class).decode(known, 0, known.length)).isEqualTo(new Square(2));

    byte[] unknown = MessageType.of(NewShape.class).encode(new Disc(2));
    assertThatThrownBy(() -> MessageType.of(OldShape.class).decode(unknown, 0, unknown.length))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "11 bytes are no %1$s: none of the cases of %1$s came, and it has no default; does the peer"
                    .formatted(OldShape.class.getName())
                + " have a newer one?");

    byte[] size = MessageType.of(Size.class).encode(Size.LARGE);
    assertThatThrownBy(() -> MessageType.of(OldSize.class).decode(size, 0, size.length))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "2 bytes are no %1$s: 1 is no number of enum %1$s, whose constants have 0 to 0; does the"
                    .formatted(OldSize.class.getName())
                + " peer have a newer one?");
  }

  record OldSizes(List<OldSize> sizes) {}

  record NewSizes(List<Size> sizes) {}

  @Test
  void whereTheUnknownConstantIsIsTold() {
    byte[] bytes = MessageType.of(NewSizes.class).encode(new NewSizes(List.of(Size.SMALL, Size.LARGE)));
    assertThatThrownBy(() -> MessageType.of(OldSizes.class).decode(bytes, 0, bytes.length))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "4 bytes are no %s: OldSizes.sizes[1]: 1 is no number of enum %s, whose constants have 0 to"
                    .formatted(OldSizes.class.getName(), OldSize.class.getName())
                + " 0; does the peer have a newer one?");
  }

  record Numbers(List<Long> numbers) {}

  record Flags(int number, boolean flag) {}

  @Test
  void varintsOfEveryLengthAreReadAndThoseThatAreLongerThanNeeded() {
    List<Long> edges = new ArrayList<>();
    for (int shift = 0; shift < Long.SIZE; shift++) {
      edges.addAll(List.of((1L << shift) - 1, 1L << shift, -(1L << shift)));
    }
    MessageType<Numbers> type = MessageType.of(Numbers.class);
    assertThat(RecordsTest.roundTrip(type, new Numbers(edges))).isEqualTo(new Numbers(edges));
    for (long edge : edges) { // at the end of the bytes, too
      Numbers one = new Numbers(List.of(edge));
      assertThat(RecordsTest.roundTrip(type, one)).isEqualTo(one);
    }
    byte[] longer = {
      8, (byte) 0x85, (byte) 0x80, (byte) 0x80, 0, 16, (byte) 0x81, (byte) 0x80, 0, 24, 0, 24, 0
    };
    assertThat(MessageType.of(Flags.class).decode(longer, 0, longer.length))
        .isEqualTo(new Flags(5, true));
  }

  @Test
  void numbersAreReadPackedAndOneByOne() {
    byte[] mixed = {8, 1, 10, 2, 2, 3, 8, 4};
    assertThat(MessageType.of(Numbers.class).decode(mixed, 0, mixed.length))
        .isEqualTo(new Numbers(List.of(1L, 2L, 3L, 4L)));

    byte[] floats = {13, 0, 0, (byte) 0x80, 0x3f, 10, 4, 0, 0, 0, 0x40, 13, 0, 0, 0x40, 0x40};
    assertThat(MessageType.of(float[].class).decode(floats, 0, floats.length))
        .containsExactly(1, 2, 3);
  }
}
