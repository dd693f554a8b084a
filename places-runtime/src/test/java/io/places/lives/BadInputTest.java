package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.LaunchException;
import io.places.MessageNotAllowedException;
import io.places.channel.PlaceChannel;
import io.places.lives.BadInputBodies.Block;
import io.places.lives.BadInputBodies.Blocks;
import io.places.lives.BadInputBodies.Line;
import io.places.lives.BadInputBodies.Order;
import io.places.lives.BadInputBodies.Tree;
import io.places.message.MessageType;
import io.places.message.Transfer;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.EntryPoint;
import io.places.place.Place;
import io.places.place.PlaceBody;
import io.places.place.PlaceLocation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each mistake is told at once, to the one who made it, in the same words wherever the place is. */
class BadInputTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String BODIES = BadInputBodies.class.getName();
  private static final String NO_MEMORY =
      "; a place shares no memory with its creator: use a static method, and pass the value as an"
          + " argument or a message";
  private static final String NULL =
      "null cannot travel; what may be absent is declared as an Optional";

  private static Node node;
  private static RemoteNode other;
  private static Node strict;
  private static RemoteNode otherStrict;

  @BeforeAll
  static void start() {
    node = Node.start();
    other = node.launch(Node.inThisJvm());
    strict = Node.start(NodeOptions.standard().allow("com.example"));
    otherStrict = strict.launch(Node.inThisJvm());
  }

  @AfterAll
  static void close() {
    node.close();
    strict.close();
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatNobodyElseCouldStart(Where where) {
    assertRefused(
        where,
        BODIES + "$NoDefault",
        BODIES
            + "$NoDefault has no constructor without arguments, so no other JVM can make one; a place"
            + " gets its data as messages");
    assertRefused(
        where, BODIES + "$Unfinished", BODIES + "$Unfinished is abstract; name a concrete body");
    assertRefused(
        where,
        BODIES + "$NoBody",
        BODIES + "$NoBody does not implement io.places.place.PlaceBody");
    assertRefused(
        where, BODIES + "$Inner", BODIES + "$Inner captures 'this' of type " + BODIES + NO_MEMORY);
  }

  private void assertRefused(Where where, String className, String message) {
    assertThatThrownBy(
            () -> at(where).start(where.spawn(), new EntryPoint(className, "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @EnumSource
  void aMethodThatIsNoBody(Where where) {
    Map<String, String> refusals = new LinkedHashMap<>();
    refusals.put(
        "missing",
        BODIES
            + " has 0 static methods 'missing' whose first parameter is a PlaceChannel; a body needs"
            + " exactly one");
    refusals.put(
        "overloaded",
        BODIES
            + " has 2 static methods 'overloaded' whose first parameter is a PlaceChannel; a body"
            + " needs exactly one");
    refusals.put("raw", BODIES + "::raw must declare what its channel carries: PlaceChannel<…, …>");
    refusals.forEach(
        (method, message) ->
            assertThatThrownBy(
                    () -> at(where).start(where.spawn(), new EntryPoint(BODIES, method)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message));
  }

  @ParameterizedTest
  @EnumSource
  void aClassThatIsMissingOrNotListed(Where where) {
    assertThatThrownBy(
            () -> at(where).start(where.spawn(), new EntryPoint("io.places.lives.Nobody", "")))
        .isInstanceOf(LaunchException.class)
        .hasMessage(
            "node main cannot start io.places.lives.Nobody: there is no class io.places.lives.Nobody"
                + " on this node's class path");
    PlaceLocation choosy = where.location(strict, otherStrict);
    assertThatThrownBy(() -> choosy.place(where.spawn(), BadInputBodies::orders))
        .isInstanceOf(LaunchException.class)
        .hasMessage(
            "node main cannot start %1$s::orders: %1$s is not in a package that this node may start:"
                    .formatted(BODIES)
                + " [com.example]; NodeOptions.allow(\"io.places.lives\") adds it");
  }

  @ParameterizedTest
  @EnumSource
  void aLambda(Where where) {
    String word = where.name();
    long[] counts = {where.name().length()};
    double half = counts[0] / 2.0;
    PlaceBody<String, Void> capturing = channel -> channel.put(word + half + counts[0]);
    assertRefused(
        where,
        capturing,
        "a lambda in %s captures the variable 'word' of type java.lang.String, the variable 'half' of"
                .formatted(BadInputTest.class.getName())
            + " type double, the variable 'counts' of type long[]"
            + NO_MEMORY);
    PlaceBody<String, Void> withThis = channel -> channel.put(word + this);
    assertRefused(
        where,
        withThis,
        "a lambda in %1$s captures 'this' of type %1$s, the variable 'word' of type java.lang.String"
                .formatted(BadInputTest.class.getName())
            + NO_MEMORY);
    PlaceBody<String, Void> bare = channel -> channel.put("x");
    assertRefused(
        where,
        bare,
        "a lambda in %s has no name by which another JVM could find it, and no declared types: use a"
                .formatted(BadInputTest.class.getName())
            + " static method");
  }

  @ParameterizedTest
  @EnumSource
  void aReferenceToTheMethodOfAnObject(Where where) {
    BadInputBodies object = BadInputBodies.make();
    assertRefused(
        where,
        object::ofAnObject,
        "%1$s::ofAnObject is bound to an object, a %1$s".formatted(BODIES) + NO_MEMORY);
  }

  @ParameterizedTest
  @EnumSource
  void anObjectInsteadOfAnAddress(Where where) {
    int limit = where.name().length();
    var anonymous =
        new PlaceBody<Integer, Void>() {
          private static final long serialVersionUID = 1L;

          @Override
          public void run(PlaceChannel<Integer, Void> channel) {
            channel.put(limit);
          }
        };
    assertRefused(
        where,
        anonymous,
        "%s captures the variable 'limit' of type int, 'this' of type %s"
                .formatted(anonymous.getClass().getName(), BadInputTest.class.getName())
            + NO_MEMORY);
    assertRefused(
        where,
        new LifeBodies.Twice(),
        "an instance of %s is no address of a body: pass the class, or a reference to a static method"
            .formatted(LifeBodies.Twice.class.getName()));
  }

  private <S, R> void assertRefused(Where where, PlaceBody<S, R> body, String message) {
    assertThatThrownBy(() -> at(where).place(where.spawn(), body))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @EnumSource
  void aTypeThatCannotTravelDeepInARecord(Where where) {
    assertThatThrownBy(() -> at(where).place(where.spawn(), BadInputBodies::takesDeep))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "Deep.lines[][].note: java.util.function.Function cannot travel between places; what can:"
                + " records, sealed interfaces of records, enums, generated protobuf messages,"
                + " String, boxed primitives, byte[], long[], int[], double[], float[],"
                + " MemorySegment, LocalDate, Instant, Duration, UUID, ends of channels, Transfer,"
                + " SharedBytes, SharedLongs, SharedDoubles, and Optional, List, Set and Map of these");
  }

  @ParameterizedTest
  @EnumSource
  void anArgumentThatIsMissingOrMayNotTravel(Where where) {
    var entry = new EntryPoint(BODIES, "arguments");
    PlaceLocation location = at(where);
    assertThatThrownBy(() -> location.start(where.spawn(), entry, "only one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(BODIES + "::arguments takes 2 arguments, 1 were given");
    assertThatThrownBy(() -> location.start(where.spawn(), entry, "word", "no order"))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "argument 2 of %1$s::arguments: a value of java.lang.String cannot travel on this end,"
                    .formatted(BODIES)
                + " which sends "
                + Order.class.getName());
    Order order = Order.EMPTY.lines(List.of(new Line<>(null, 1)));
    assertThatThrownBy(() -> location.start(where.spawn(), entry, "word", order))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage("argument 2 of %s::arguments: Order.lines[0].note: ".formatted(BODIES) + NULL);
  }

  @ParameterizedTest
  @EnumSource
  void aMessageThatMayNotTravel(Where where) {
    Place<Order, Long> place = at(where).place(where.spawn(), BadInputBodies::orders);
    badOrders()
        .forEach(
            (message, order) -> {
              for (ThrowingCallable send : sends(place, order)) {
                assertThatThrownBy(send)
                    .isInstanceOf(MessageNotAllowedException.class)
                    .hasMessage(message);
              }
            });
    place.put(Order.EMPTY);
    assertThat(place.get(SOON)).as("it lives on, and nothing came before").isEqualTo(1);
    place.kill(SOON);
  }

  @SuppressWarnings("NullAway") // what the compiler would refuse
  private static List<ThrowingCallable> sends(Place<Order, Long> place, @Nullable Order order) {
    return List.of(
        () -> place.put(order), () -> place.offer(order), () -> place.ask(order, SOON));
  }

  private static Map<String, @Nullable Order> badOrders() {
    Line<String> good = new Line<>("good", 1);
    Map<String, @Nullable Order> orders = new LinkedHashMap<>();
    orders.put("null is no message; this end sends " + Order.class.getName(), null);
    orders.put(
        "Order.lines: null cannot travel; for nothing there is an empty List",
        Order.EMPTY.lines(null));
    orders.put(
        "Order.comment: null cannot travel; for no value there is Optional.empty()",
        new Order(1, List.of(), null, Map.of(), List.of()));
    orders.put(
        "Order.amounts: null cannot travel; for nothing there is an empty Map",
        new Order(1, List.of(), Optional.empty(), null, List.of()));
    orders.put(
        "Order.lines[1]: " + NULL,
        Order.EMPTY.lines(Arrays.asList(good, null, new Line<>("later", 2))));
    orders.put(
        "Order.lines[3].note: " + NULL,
        Order.EMPTY.lines(List.of(good, good, good, new Line<>(null, 1), new Line<>(null, 2))));
    Map<String, Long> amounts = new HashMap<>();
    amounts.put("tea", null);
    orders.put(
        "Order.amounts[tea]: " + NULL,
        new Order(1, List.of(), Optional.empty(), amounts, List.of()));
    orders.put(
        "Order.lines[0].note: a String with an unpaired surrogate (U+DFFF at index 1) has no UTF-8"
            + " form and cannot travel; send it as byte[]",
        Order.EMPTY.lines(List.of(new Line<>("x\uDFFF", 1))));
    Function<String, String> callback = String::trim;
    orders.put(
        "Order.lines[3].note: a value of %s where java.lang.String is declared"
            .formatted(callback.getClass().getName()),
        Order.EMPTY.lines(List.of(good, good, good, unchecked(callback))));
    List<Tree> cycle = new ArrayList<>();
    cycle.add(new Tree(cycle));
    orders.put(
        "Order.trees" + "[0].children".repeat(7) + "[0].c…n" + "[0].children".repeat(8)
            + "[0]: messages nested deeper than 32; send deep structures as lists whose elements refer to"
            + " each other by index",
        new Order(1, List.of(), Optional.empty(), Map.of(), cycle));
    return orders;
  }

  @SuppressWarnings("unchecked") // what no compiler can keep out
  private static Line<String> unchecked(Object note) {
    return (Line<String>) (Line<?>) new Line<>(note, 1);
  }

  @ParameterizedTest
  @EnumSource
  void aMessageThatIsTooLarge(Where where) {
    Place<byte[], Integer> place = at(where).place(where.spawn(), BadInputBodies::lengths);
    int largest = MessageType.LARGEST - 5; // a tag of one byte, a length of four
    byte[] tooLarge = new byte[largest + 1];
    for (ThrowingCallable send :
        List.<ThrowingCallable>of(
            () -> place.put(tooLarge), () -> place.offer(tooLarge), () -> place.ask(tooLarge, SOON))) {
      assertThatThrownBy(send)
          .isInstanceOf(MessageNotAllowedException.class)
          .hasMessage(
              "a byte[] of 67108865 bytes is too large: a message takes at most 67108864; send it in"
                  + " parts");
    }
    assertThat(place.ask(new byte[largest], SOON)).isEqualTo(largest);
    place.kill(SOON);
  }

  @ParameterizedTest
  @EnumSource
  void aPutOnAChannelThatWasClosed(Where where) {
    Place<String, String> place = at(where).place(where.spawn(), LifeBodies::echo);
    String name =
        where.location(node, other).equals(node) && where != Where.PROCESS
            ? place.toString()
            : "a place of %s::echo on node %s"
                .formatted(LifeBodies.class.getName(), place.nodeName());
    place.close();
    for (ThrowingCallable send :
        List.<ThrowingCallable>of(
            () -> place.put("x"), () -> place.offer("x"), () -> place.ask("x", SOON))) {
      assertThatThrownBy(send)
          .isInstanceOf(ChannelClosedException.class)
          .hasMessage("this end of the channel to %s was closed".formatted(name));
    }
    assertThat(place.join(SOON)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aNegativeTimeout(Where where) {
    Place<String, String> place = at(where).place(where.spawn(), LifeBodies::echo);
    Duration negative = Duration.ofMillis(-1);
    for (ThrowingCallable wait :
        List.<ThrowingCallable>of(
            () -> place.put("x", negative),
            () -> place.get(negative),
            () -> place.ask("x", negative),
            () -> place.join(negative),
            () -> place.kill(negative))) {
      assertThatThrownBy(wait)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the timeout must not be negative, but is PT-0.001S");
    }
    place.put("x");
    assertThat(place.get(SOON)).as("only this was sent, and the place lives").isEqualTo("x");
    place.kill(SOON);
  }

  @ParameterizedTest
  @EnumSource
  void anExitCodeOutOfRangeIsZeroAndThePlaceSaysSo(Where where) {
    var printed = new ByteArrayOutputStream();
    PrintStream own = System.err;
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    Place<Void, Void> place;
    try {
      place = at(where).place(where.spawn(), BadInputBodies::exits, 300);
      assertThat(place.join(SOON)).isZero();
    } finally {
      System.setErr(own);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8).lines()) // other places may print, too
        .anyMatch(
            line ->
                line.endsWith("Place.exit(300): an exit code is 0 to 255; the place ends with 0"));
  }

  @ParameterizedTest
  @EnumSource
  void anArrayThatWasMovedBefore(Where where) {
    Place<Block, Double> place = at(where).place(where.spawn(), BadInputBodies::sums);
    Block block = new Block("first", Transfer.move(new double[] {1, 2, 3}));
    place.put(block);
    assertThat(place.get(SOON)).isEqualTo(6);
    assertThatThrownBy(() -> place.put(block))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "Block.values: its array was moved or taken before; only its receiver has it, so it cannot"
                + " be sent again");
    assertThatThrownBy(() -> block.values().take())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the array of this transfer was moved or taken before; only its receiver has it");
    place.kill(SOON);
  }

  @ParameterizedTest
  @EnumSource
  void anArrayThatIsMovedTwiceInOneMessage(Where where) {
    Place<Blocks, Integer> place = at(where).place(where.spawn(), BadInputBodies::blocks);
    double[] array = {1};
    Blocks twice =
        new Blocks(
            List.of(
                Transfer.move(new double[1]), Transfer.move(array), Transfer.move(array)));
    assertThatThrownBy(() -> place.put(twice))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "Blocks.values[2]: its array is in this message before; only one receiver can have it");
    place.put(new Blocks(twice.values().subList(0, 2)));
    assertThat(place.get(SOON)).as("the refused message moved nothing").isEqualTo(2);
    place.kill(SOON);
  }

  private static PlaceLocation at(Where where) {
    return where.location(node, other);
  }
}
