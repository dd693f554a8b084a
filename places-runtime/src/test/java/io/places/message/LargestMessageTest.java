package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.places.MessageNotAllowedException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** One bound for every message, whether it stays in the JVM or not, exact to the byte. */
class LargestMessageTest {
  /** The tag and the length of a block of nearly 64 MiB. */
  private static final int HEADER = 1 + 4;

  private static final int FITS = MessageType.LARGEST - HEADER;

  @Test
  void aMessageOfJustThatSizePassesAndOneByteMoreDoesNot() {
    MessageType<byte[]> type = MessageType.of(byte[].class);
    byte[] largest = new byte[FITS];
    assertThat(type.copy(largest)).hasSize(FITS).isNotSameAs(largest);
    assertThat(type.encode(largest, MessageContext.NONE)).hasSize(MessageType.LARGEST);
    assertRefused(type, new byte[FITS + 1], "byte[]", MessageType.LARGEST + 1L);
  }

  @Test
  void whateverHasTheBytesIsCounted() {
    assertRefused(
        MessageType.of(double[].class), new double[8 << 20], "double[]", HEADER + (64L << 20));
    assertRefused(
        MessageType.of(MemorySegment.class),
        MemorySegment.ofArray(new byte[FITS + 2]),
        "java.lang.foreign.MemorySegment",
        MessageType.LARGEST + 2L);
    assertRefused(
        MessageType.of(String.class), "é".repeat(33 << 20), "java.lang.String", HEADER + (66L << 20));
    BytesValue generated =
        BytesValue.newBuilder().setValue(ByteString.copyFrom(new byte[FITS + 1])).build();
    assertRefused(
        MessageType.of(BytesValue.class),
        generated,
        BytesValue.class.getName(),
        MessageType.LARGEST + 1L);
  }

  @SuppressWarnings("ArrayRecordComponent") // what is tested here
  record Part(byte[] bytes) {}

  record Parts(List<Part> parts, Map<Integer, Part> more) {}

  @Test
  void howManyPartsMakeALargeMessageDoesNotMatter() {
    MessageType<Parts> type = MessageType.of(Parts.class);
    byte[] bytes = new byte[4_000]; // short enough to be copied twice
    new Random(1).nextBytes(bytes);
    List<Part> parts = new ArrayList<>(Collections.nCopies(500, new Part(bytes)));
    while (parts.size() < 800) {
      parts.add(new Part(bytes));
      byte[] encoded = type.encode(new Parts(parts, Map.of()), MessageContext.NONE);
      List<Part> decoded = type.decode(encoded, 0, encoded.length).parts();
      assertThat(decoded).hasSameSizeAs(parts);
      assertThat(decoded.getFirst().bytes()).isEqualTo(bytes);
      assertThat(decoded.getLast().bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void manyPartsMakeALargeMessage() {
    MessageType<Parts> type = MessageType.of(Parts.class);
    Part part = new Part(new byte[8 << 20]);
    List<Part> seven = List.of(part, part, part, part, part, part, part);
    assertThatCode(() -> type.check(new Parts(seven, Map.of()))).doesNotThrowAnyException();
    int one = 2 * HEADER + (8 << 20);
    assertRefused(
        type,
        new Parts(seven, Map.of(3, part)),
        Parts.class.getName(),
        8L * one + HEADER + 2);
  }

  @Test
  void aTransferThatIsTooLargeIsRefusedAndNotMoved() {
    record Moved(Transfer<double[]> values) {}
    double[] array = new double[8 << 20];
    Moved moved = new Moved(Transfer.move(array));
    assertRefused(
        MessageType.of(Moved.class), moved, Moved.class.getName(), HEADER + (64L << 20));
    assertThat(moved.values().take()).isSameAs(array);
  }

  @Test
  void memoryThatPlacesShareDoesNotCount() {
    record Shared(SharedDoubles vector, SharedBytes bytes) {}
    Shared shared = new Shared(SharedDoubles.ofLength(9 << 20), SharedBytes.ofLength(65 << 20));
    assertThat(MessageType.of(Shared.class).copy(shared)).isSameAs(shared);
  }

  @Test
  void smallNumbersAndPlainTextCountAsWhatTheyTakeAndNotAsWhatTheyMight() {
    record Values(List<Long> numbers, String text) {}
    MessageType<Values> type = MessageType.of(Values.class);
    List<Long> numbers = LongStream.range(0, 8_000_000).map(i -> i % 128).boxed().toList();
    Values values = new Values(numbers, "x".repeat(40 << 20));

    assertThat(type.copy(values)).isSameAs(values);
    assertThat(type.encode(values, MessageContext.NONE)).hasSize(2 * HEADER + 8_000_000 + (40 << 20));

    Admission again = Admission.copy();
    type.codec().admit(new Values(numbers, ""), again);
    assertThat(again.remembered()).isEqualTo(1);
    assertThat(again.bytes()).as("remembered as it is").isLessThan(8_000_100);
  }

  @Test
  void forKeepingAnEncodingMayBeLarger() {
    assertThat(MessageType.of(byte[].class).encode(new byte[FITS + 1])).hasSize(MessageType.LARGEST + 1);
  }

  @Test
  void theBoundIsNeverTooLowAndTheCountIsExact() {
    long seed = System.nanoTime();
    System.out.println("test.seed=" + seed);
    RandomMessages random = new RandomMessages(seed);
    for (int i = 0; i < 300; i++) {
      Type type = random.type(1 + i % 4);
      MessageType<?> messageType = MessageType.of(type);
      for (int j = 0; j < 20; j++) {
        counted(messageType, random.value(type));
      }
    }
  }

  private static <T> void counted(MessageType<T> type, Object value) {
    int size = type.encode(type.cast(value)).length;
    MessageWriter counting = MessageWriter.counting();
    type.codec().write(counting, value);
    assertThat(counting.written()).as("%s of %s", value, type).isEqualTo(size);
    for (Admission admission : List.of(Admission.check(), Admission.copy())) {
      type.codec().admit(value, admission);
      assertThat(admission.bytes()).as("%s of %s", value, type).isGreaterThanOrEqualTo(size);
    }
  }

  private static <T> void assertRefused(MessageType<T> type, T value, String name, long bytes) {
    List<ThrowingCallable> uses = new ArrayList<>();
    uses.add(() -> type.check(value));
    uses.add(() -> type.copy(value));
    uses.add(() -> type.encode(value, MessageContext.NONE));
    for (ThrowingCallable use : uses) {
      assertThatThrownBy(use)
          .isInstanceOf(MessageNotAllowedException.class)
          .hasMessage(
              "a %s of %d bytes is too large: a message takes at most 67108864; send it in parts"
                  .formatted(name, bytes));
    }
  }
}
