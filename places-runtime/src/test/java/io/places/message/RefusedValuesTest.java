package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import io.places.message.readings.NestProto;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same values are refused, with the same words, by a check, a copy and an encoding. */
class RefusedValuesTest {
  private static final String NULL =
      "null cannot travel; what may be absent is declared as an Optional";

  record Line(@Nullable String note, Map<String, Long> amounts) {}

  @SuppressWarnings("NullableOptional") // is refused
  record Order(@Nullable List<Line> lines, @Nullable Optional<Line> best, Set<Integer> codes) {}

  @Test
  void nullsAreRefusedWithThePathToThem() {
    Line bad = new Line(null, Map.of());
    assertRefused(order(List.of(), bad), "Order.best.note: " + NULL);
    assertRefused(
        order(List.of(new Line("", Map.of()), bad), null), "Order.lines[1].note: " + NULL);
    assertRefused(
        order(Arrays.asList(new Line("", Map.of()), null), null), "Order.lines[1]: " + NULL);
    Map<String, Long> amounts = new HashMap<>();
    amounts.put("tea", null);
    assertRefused(
        order(List.of(new Line("", amounts)), null), "Order.lines[0].amounts[tea]: " + NULL);
    assertRefused(
        new Order(null, Optional.empty(), Set.of()),
        "Order.lines: null cannot travel; for nothing there is an empty List");
    assertRefused(
        new Order(List.of(), null, Set.of()),
        "Order.best: null cannot travel; for no value there is Optional.empty()");
  }

  @Test
  void nullAndOtherClassesAreNoMessages() {
    MessageType<Line> type = MessageType.of(Line.class);
    assertThatThrownBy(() -> type.check(null))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage("null is no message; this end sends " + Line.class.getName());
    assertThatThrownBy(() -> type.cast("text"))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "a value of java.lang.String cannot travel on this end, which sends " + Line.class.getName());
  }

  @Test
  void textWithoutAUtf8FormIsRefused() {
    String half = "x".repeat(60) + "\uD800";
    assertRefused(
        order(List.of(new Line(half, Map.of())), null),
        "Order.lines[0].note: a String with an unpaired surrogate (U+D800 at index 60) has no UTF-8"
            + " form and cannot travel; send it as byte[]");
    assertRefused(
        order(List.of(new Line("\uDC00?", Map.of())), null),
        "Order.lines[0].note: a String with an unpaired surrogate (U+DC00 at index 0) has no UTF-8"
            + " form and cannot travel; send it as byte[]");
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void whatUncheckedCastsLetInIsRefused() {
    List raw = new ArrayList<>(List.of("no line"));
    assertThatThrownBy(() -> MessageType.of(Order.class).copy(new Order(raw, Optional.empty(), Set.of())))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "Order.lines[0]: a value of java.lang.String where %s is declared"
                .formatted(Line.class.getName()));
    assertThatThrownBy(() -> MessageType.of(Order.class).encode(new Order(raw, Optional.empty(), Set.of())))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "Order.lines[0]: a value of java.lang.String where %s is declared"
                .formatted(Line.class.getName()));
    Set codes = Set.of(7L);
    assertThatThrownBy(() -> MessageType.of(Order.class).copy(new Order(List.of(), Optional.empty(), codes)))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage("Order.codes[0]: a value of java.lang.Long where java.lang.Integer is declared");
  }

  @SuppressWarnings("ArrayRecordComponent") // what is tested here
  record Lists(
      List<Long> longs,
      List<Double> doubles,
      List<Boolean> booleans,
      List<String> strings,
      List<byte[]> bytes,
      List<UUID> uuids,
      List<LocalDate> dates,
      List<Instant> instants,
      List<Duration> durations,
      List<Line> records,
      List<Thread.State> enums,
      List<Shape> shapes,
      List<NestProto> protos,
      List<MemorySegment> segments,
      List<Optional<Long>> optionals,
      List<List<Long>> lists,
      List<Set<Long>> sets,
      List<Map<Long, Long>> maps,
      List<double[]> blocks,
      List<Transfer<double[]>> transfers,
      List<SharedLongs> shared) {}

  sealed interface Shape {}

  record Dot() implements Shape {}

  @ParameterizedTest
  @MethodSource
  void anObjectOfAnotherClassIsRefusedWhateverIsDeclared(RecordComponent component)
      throws ReflectiveOperationException {
    RecordComponent[] all = Lists.class.getRecordComponents();
    Object[] lists = new Object[all.length];
    Class<?>[] types = new Class<?>[all.length];
    for (int i = 0; i < all.length; i++) {
      lists[i] = all[i].getName().equals(component.getName()) ? List.of(Thread.currentThread()) : List.of();
      types[i] = all[i].getType();
    }
    Lists bad = Lists.class.getDeclaredConstructor(types).newInstance(lists);
    Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    Class<?> expected =
        element instanceof ParameterizedType applied
            ? (Class<?>) applied.getRawType()
            : (Class<?>) element;
    for (ThrowingCallable use : uses(MessageType.of(Lists.class), bad)) {
      assertThatThrownBy(use)
          .isInstanceOf(MessageNotAllowedException.class)
          .hasMessage(
              "Lists.%s[0]: a value of java.lang.Thread where %s is declared"
                  .formatted(component.getName(), expected.getTypeName()));
    }
  }

  static Stream<RecordComponent> anObjectOfAnotherClassIsRefusedWhateverIsDeclared() {
    return Arrays.stream(Lists.class.getRecordComponents());
  }

  record Tree(int value, List<Tree> children) {}

  private static Tree tree(int depth) {
    Tree tree = new Tree(depth, List.of());
    for (int i = 0; i < depth; i++) {
      tree = new Tree(i, List.of(tree));
    }
    return tree;
  }

  @Test
  void aTreeGoesToTheDepthLimitAndNoFurther() {
    MessageType<Tree> type = MessageType.of(Tree.class);
    Tree deepest = tree(32);
    assertThat(RecordsTest.roundTrip(type, deepest)).isEqualTo(deepest);
    assertThat(type.copy(deepest)).isSameAs(deepest);

    for (int depth : new int[] {33, 100_000}) {
      Tree deeper = tree(depth);
      for (ThrowingCallable use : uses(type, deeper)) {
        assertThatThrownBy(use)
            .isInstanceOf(MessageNotAllowedException.class)
            .hasMessageStartingWith("Tree.children[0].children[0]")
            .hasMessageEndingWith(
                "children[0]: messages nested deeper than 32; send deep structures as lists whose"
                    + " elements refer to each other by index");
      }
    }
  }

  @Test
  void bytesNestedTooDeepAreRefusedWithoutAnOverflow() {
    byte[] bytes = MessageType.of(Tree.class).encode(tree(32));
    for (int i = 0; i < 10_000; i++) {
      byte[] outer = new byte[bytes.length + 4];
      outer[0] = 18;
      outer[1] = (byte) (bytes.length | 0x80);
      outer[2] = (byte) ((bytes.length >> 7) | 0x80);
      outer[3] = (byte) (bytes.length >> 14);
      System.arraycopy(bytes, 0, outer, 4, bytes.length);
      bytes = outer;
    }
    byte[] deep = bytes;
    assertThatThrownBy(() -> MessageType.of(Tree.class).decode(deep, 0, deep.length))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("messages nested deeper than 32");
  }

  record Boxed(Optional<NestProto> nest) {}

  @Test
  void aGeneratedMessageNestedTooDeepIsRefusedByItsSender() {
    NestProto nest = NestProto.getDefaultInstance();
    for (int i = 0; i < 31; i++) {
      nest = NestProto.newBuilder().addInside(nest).build();
    }
    MessageType<Boxed> type = MessageType.of(Boxed.class);
    Boxed deepest = new Boxed(Optional.of(nest));
    assertThat(RecordsTest.roundTrip(type, deepest)).isEqualTo(deepest);

    Boxed deeper = new Boxed(Optional.of(NestProto.newBuilder().addInside(nest).build()));
    for (ThrowingCallable use : uses(type, deeper)) {
      assertThatThrownBy(use)
          .isInstanceOf(MessageNotAllowedException.class)
          .hasMessageStartingWith("Boxed.nest: messages nested deeper than 32");
    }
  }

  record Positive(int value) {
    Positive {
      if (value <= 0) {
        throw new IllegalArgumentException(value + " is not positive");
      }
    }
  }

  @Test
  void canonicalConstructorsRunWhenAMessageIsRead() {
    assertThatThrownBy(() -> MessageType.of(Positive.class).decode(new byte[0], 0, 0))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "0 bytes are no %1$s: the constructor of %1$s refused the values: %2$s"
                .formatted(
                    Positive.class.getName(), "java.lang.IllegalArgumentException: 0 is not positive"))
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  private static Order order(List<Line> lines, @Nullable Line best) {
    return new Order(lines, Optional.ofNullable(best), Set.of());
  }

  private static void assertRefused(Order order, String message) {
    for (ThrowingCallable use : uses(MessageType.of(Order.class), order)) {
      assertThatThrownBy(use).isInstanceOf(MessageNotAllowedException.class).hasMessage(message);
    }
  }

  private static <T> List<ThrowingCallable> uses(MessageType<T> type, T value) {
    return List.of(() -> type.check(value), () -> type.copy(value), () -> type.encode(value));
  }
}
