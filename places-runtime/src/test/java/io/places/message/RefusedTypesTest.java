package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.MessageNotAllowedException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What cannot travel is refused when its type is asked for, with the path to it. */
class RefusedTypesTest {
  private static final String CANNOT = " cannot travel between places; " + TypeResolver.WHAT_CAN;

  record Line(Function<String, String> callback) {}

  record Order(Map<String, List<Line>> lines) {}

  @Test
  void aComponentDeepInside() {
    assertRefused(
        Order.class, "Order.lines[][].callback: java.util.function.Function" + CANNOT);
  }

  @Test
  void aClassThatIsNoRecord() {
    assertRefused(Thread.class, "java.lang.Thread" + CANNOT);
  }

  record Keyed(Map<Object, String> map) {}

  @Test
  void aKeyOfAMap() {
    assertRefused(Keyed.class, "Keyed.map[key]: java.lang.Object" + CANNOT);
  }

  record Concrete(ArrayList<String> list) {}

  @Test
  void aConcreteCollection() {
    assertRefused(Concrete.class, "Concrete.list: java.util.ArrayList" + CANNOT);
  }

  record Moved(Transfer<List<String>> list) {}

  @Test
  void aTransferOfWhatIsNotMoved() {
    assertRefused(
        Moved.class,
        "Moved.list: a Transfer moves byte[], long[], int[], double[] or float[], not a"
            + " java.util.List<java.lang.String>");
  }

  record Growing<T>(T value, Optional<Growing<List<T>>> next) {}

  record OfGrowing(Growing<String> start) {}

  @Test
  void aTypeThatGrowsWithoutEnd() {
    assertThatThrownBy(() -> MessageType.of(OfGrowing.class))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessageStartingWith("OfGrowing.start.next")
        .hasMessageEndingWith(
            ": %s is inside 64 other types: the type has itself as an argument, which grows without end"
                .formatted(Growing.class.getName()));
  }

  @SuppressWarnings("rawtypes")
  record Raw(List list) {}

  @Test
  void aRawType() {
    assertRefused(
        Raw.class,
        "Raw.list: java.util.List is raw, so what it holds is not known at run time; declare it with"
            + " type arguments");
    assertRefused(
        Optional.class,
        "java.util.Optional is raw, so what it holds is not known at run time; declare it with type"
            + " arguments");
  }

  record Wild(List<? extends Number> list) {}

  @Test
  void aWildcard() {
    assertRefused(
        Wild.class,
        "Wild.list: the wildcard ? extends java.lang.Number is not known at run time; declare it with a"
            + " concrete type");
  }

  record Generic<T>(T value) {
    static <V> List<V> open() {
      return List.of();
    }
  }

  @Test
  void anOpenTypeVariable() throws NoSuchMethodException {
    Type open = Generic.class.getDeclaredMethod("open").getGenericReturnType();
    assertRefused(
        open, "the type variable V is not known at run time; declare it with a concrete type");
  }

  @SuppressWarnings("ArrayRecordComponent") // is refused
  record Arrays(List<String>[] lists) {}

  @SuppressWarnings("ArrayRecordComponent") // is refused
  record Objects(String[] names) {}

  @Test
  void anArrayOfObjects() {
    assertRefused(
        Arrays.class, "Arrays.lists: java.util.List<java.lang.String>[] is an array of a generic type; use a List");
    assertRefused(Objects.class, "Objects.names: java.lang.String[]" + CANNOT);
  }

  record Twice(@Field(2) String a, String b) {}

  record Zero(@Field(0) String a) {}

  record Reserved(@Field(19_500) String a) {}

  @Test
  void numbersThatAreTakenOrOutOfRange() {
    assertRefused(
        Twice.class,
        "'a' and 'b' of %s both have number 2; fix another one with @Field"
            .formatted(Twice.class.getName()));
    assertRefused(
        Zero.class,
        "'a' of %s has number 0; numbers go from 1 to 536870911, without 19000 to 19999"
            .formatted(Zero.class.getName()));
    assertRefused(
        Reserved.class,
        "'a' of %s has number 19500; numbers go from 1 to 536870911, without 19000 to 19999"
            .formatted(Reserved.class.getName()));
  }

  sealed interface Plant {}

  record Tree(String name) implements Plant {}

  @Field(1)
  record Fern(String name) implements Plant {}

  record Garden(List<Plant> plants) {}

  @Test
  void casesOfASealedInterfaceWithTheSameNumber() {
    assertRefused(
        Garden.class,
        "Garden.plants[]: 'Tree' and 'Fern' of %s both have number 1; fix another one with @Field"
            .formatted(Plant.class.getName()));
  }

  record Endless(int value, Endless next) {}

  record Ping(Pong pong) {}

  record Pong(Ping ping) {}

  record Chain(int value, Optional<Chain> next) {}

  @Test
  void aRecordWhoseValuesHaveNoEnd() {
    assertRefused(
        Endless.class,
        "Endless.next: every %s has another one in it, without end; make this an Optional, a List or a sealed interface"
            .formatted(Endless.class.getName()));
    assertRefused(
        Ping.class,
        "Ping.pong.ping: every %s has another one in it, without end; make this an Optional, a List or a sealed interface"
            .formatted(Ping.class.getName()));
    assertThat(RecordsTest.roundTrip(MessageType.of(Chain.class), new Chain(1, Optional.empty())))
        .isEqualTo(new Chain(1, Optional.empty()));
  }

  sealed interface Animal {}

  record Cat(String name) implements Animal {}

  static final class Dog implements Animal {}

  record Zoo(List<Animal> animals) {}

  @Test
  void aSealedInterfaceThatPermitsAClass() {
    assertRefused(
        Zoo.class,
        "Zoo.animals[](Dog): %s permits %s, which is neither a record nor a sealed interface of records"
            .formatted(Animal.class.getName(), Dog.class.getName()));
  }

  @Test
  void aRecordOfAModuleThatIsNotOpen() throws ClassNotFoundException {
    Class<?> closed = Class.forName("jdk.internal.foreign.abi.Binding$Dup");
    assertRefused(
        closed,
        "the components of jdk.internal.foreign.abi.Binding$Dup cannot be read; its module java.base must"
            + " open the package jdk.internal.foreign.abi");
  }

  enum Empty {}

  record Emptiness(Empty empty) {}

  @Test
  void anEnumWithoutConstants() {
    assertRefused(
        Emptiness.class, "Emptiness.empty: an enum without constants has no values to send");
  }

  private static void assertRefused(Type type, String message) {
    assertThatThrownBy(() -> MessageType.of(type))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(message);
  }
}
