package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.MessageNotAllowedException;
import io.places.message.readings.NestProto;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageTypesTest {

  record Point(int x, int y) {}

  record Holder(List<Map<String, Optional<Point>>> value) {}

  private static Type valueType() {
    return Holder.class.getRecordComponents()[0].getGenericType();
  }

  @Test
  void aTypeIsMadeOnce() {
    assertThat(MessageType.of(Point.class)).isSameAs(MessageType.of(Point.class));
    assertThat(MessageType.of(valueType())).isSameAs(MessageType.of(valueType()));
    assertThat(MessageType.of(Void.class)).isSameAs(MessageType.nothing());
  }

  @Test
  void theNameTellsTypeArguments() {
    assertThat(MessageType.of(valueType()).name())
        .isEqualTo(
            "java.util.List<java.util.Map<java.lang.String, java.util.Optional<%s>>>"
                .formatted(Point.class.getName()));
    assertThat(MessageType.of(byte[].class).name()).isEqualTo("[B");
  }

  @Test
  void aListOfAMillionTravels() {
    List<Point> points = IntStream.range(0, 1_000_000).mapToObj(i -> new Point(i, -i)).toList();
    record Points(List<Point> points) {}
    MessageType<Points> type = MessageType.of(Points.class);

    assertThat(RecordsTest.roundTrip(type, new Points(points))).isEqualTo(new Points(points));
    assertThat(type.copy(new Points(new ArrayList<>(points))).points()).isEqualTo(points);
  }

  @Test
  void aLargeImmutableMessageIsLookedThroughOnce() {
    record Points(List<Point> points) {}
    Points points = new Points(IntStream.range(0, 100_000).mapToObj(i -> new Point(i, i)).toList());
    MessageType<Points> type = MessageType.of(Points.class);
    assertThat(type.copy(points)).isSameAs(points);

    Admission again = Admission.copy();
    assertThat(type.codec().admit(points, again)).isSameAs(points);
    assertThat(again.remembered()).isEqualTo(1);
  }

  @Test
  void soAreLongTextsAndGeneratedMessagesOfRecursiveTypes() {
    record Parts(String text, NestProto nest) {}
    NestProto nest = NestProto.getDefaultInstance();
    for (int i = 0; i < 1_000; i++) {
      nest = nest.toBuilder().addInside(NestProto.getDefaultInstance()).build();
    }
    Parts parts = new Parts("long ".repeat(10_000), nest);
    MessageType<Parts> type = MessageType.of(Parts.class);
    assertThat(type.copy(parts)).isSameAs(parts);

    Admission again = Admission.copy();
    assertThat(type.codec().admit(parts, again)).isSameAs(parts);
    assertThat(again.remembered()).isEqualTo(2);
    assertThat(again.bytes()).isGreaterThanOrEqualTo(type.encode(parts).length);
  }

  @Test
  void whatWasFoundNearTheTopIsLookedThroughAgainDeeperDown() {
    record Inner(NestProto nest) {}
    record Around(Inner inner) {}
    NestProto nest =
        NestProto.newBuilder()
            .addAllInside(Collections.nCopies(1_000, NestProto.getDefaultInstance()))
            .build();
    for (int i = 0; i < 30; i++) {
      nest = NestProto.newBuilder().addInside(nest).build();
    }
    Inner inner = new Inner(nest);
    assertThat(MessageType.of(Inner.class).copy(inner)).isSameAs(inner);
    assertThatThrownBy(() -> MessageType.of(Around.class).copy(new Around(inner)))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "Around.inner.nest: messages nested deeper than 32; send deep structures as lists whose"
                + " elements refer to each other by index");
  }

  @Test
  void aTypeDoesNotKeepItsClassLoader() throws Exception {
    WeakReference<ClassLoader> gone = new WeakReference<>(useInAnotherLoader());

    long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (gone.get() != null && System.nanoTime() < limit) {
      System.gc();
      Thread.onSpinWait();
    }
    assertThat(gone.get()).isNull();
  }

  private static ClassLoader useInAnotherLoader() throws Exception {
    ClassLoader loader = new Copying();
    Class<?> point = loader.loadClass(Point.class.getName());
    assertThat(point).isNotSameAs(Point.class);
    var constructor = point.getDeclaredConstructor(int.class, int.class);
    constructor.setAccessible(true);
    roundTrip(MessageType.of(point), constructor.newInstance(1, 2));
    roundTrip(
        MessageType.of(new Types.Applied(List.class, List.of(point))),
        IntStream.range(0, 1_000).mapToObj(i -> Objects.hash(i)).map(i -> make(constructor, i)).toList());
    return loader;
  }

  private static Object make(Constructor<?> constructor, int i) {
    try {
      return constructor.newInstance(i, i);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record's constructor", e);
    }
  }

  private static <T> void roundTrip(MessageType<T> type, Object value) {
    T message = type.copy(type.check(value));
    byte[] bytes = type.encode(message);
    // Compared as bytes: the JDK itself keeps the class of a record whose equals() was called.
    assertThat(type.encode(type.decode(bytes, 0, bytes.length))).isEqualTo(bytes);
  }

  /** Loads the classes of this test anew. */
  private static final class Copying extends ClassLoader {
    Copying() {
      super(MessageTypesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(MessageTypesTest.class.getName())) {
        return super.loadClass(name, resolve);
      }
      try (InputStream file =
          Objects.requireNonNull(getResourceAsStream(name.replace('.', '/') + ".class"))) {
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
