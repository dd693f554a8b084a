package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.MessageNotAllowedException;
import io.places.channel.PlaceChannel;
import io.places.lives.MessageBodies.Arrays;
import io.places.lives.MessageBodies.Box;
import io.places.lives.MessageBodies.Collections;
import io.places.lives.MessageBodies.Colour;
import io.places.lives.MessageBodies.Doors;
import io.places.lives.MessageBodies.Dot;
import io.places.lives.MessageBodies.Friends;
import io.places.lives.MessageBodies.Pair;
import io.places.lives.MessageBodies.Shared;
import io.places.lives.MessageBodies.Tree;
import io.places.lives.MessageBodies.Values;
import io.places.message.SharedDoubles;
import io.places.message.Transfer;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is put is what is got, wherever the place is. */
class MessagesTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Node node;
  private static RemoteNode other;

  @BeforeAll
  static void start() {
    node = Node.start();
    other = node.launch(Node.inThisJvm());
  }

  @AfterAll
  static void close() {
    node.close();
  }

  private static PlaceLocation at(Where where) {
    return where.location(node, other);
  }

  /** One of each kind; text, collections and arrays have so many elements. */
  private static Values values(int size) {
    return new Values(
        Long.MIN_VALUE, size, (short) -2, (byte) 3, 'ß', true, -0.0, Float.NaN,
        "é".repeat(size), Colour.GREEN, LocalDate.of(1815, 6, 9),
        Instant.parse("1969-12-31T23:59:59.5Z"), Duration.ofMillis(-1_500), new UUID(size, -1),
        com.google.protobuf.Duration.newBuilder().setSeconds(size).build());
  }

  private static Collections collections(int size) {
    Map<String, List<Long>> map = new HashMap<>();
    map.put("ones", new ArrayList<>(java.util.Collections.nCopies(size, 1L)));
    map.put("", List.of());
    return new Collections(
        Optional.of(values(size)),
        Optional.of(Optional.empty()),
        new ArrayList<>(List.of(values(0), values(size))),
        new ArrayList<>(List.of(List.of(), new ArrayList<>(List.of(5L)))),
        new HashSet<>(Set.of(new UUID(1, size), new UUID(2, 2))),
        map,
        Map.of(Colour.GREEN, new Pair<>("a", new Pair<>(7L, new Dot("b")))),
        new Box(new Dot("inside"), new ArrayList<>(List.of(new Dot("x"), new Box(new Dot("y"), List.of())))),
        new Tree(0, List.of(new Tree(1, List.of(new Tree(2, List.of()))), new Tree(3, List.of()))));
  }

  @ParameterizedTest
  @EnumSource
  void valuesComeBackEqualAndAreSharedWhereThereIsSharedMemory(Where where) {
    Place<Values, Values> echo = at(where).place(where.spawn(), MessageBodies::values);
    for (int size : new int[] {3, 2_000}) {
      Values sent = values(size);
      Values got = echo.ask(sent, SOON);
      assertThat(got).isEqualTo(sent);
      assertThat(same(got, sent)).as("immutable all through").isEqualTo(where.sharesMemory());
    }
    echo.kill(SOON);
  }

  @ParameterizedTest
  @EnumSource
  void collectionsComeBackEqualUnmodifiableAndAsOthers(Where where) {
    Place<Collections, Collections> echo = at(where).place(where.spawn(), MessageBodies::collections);
    for (int size : new int[] {3, 2_000}) {
      Collections sent = collections(size);
      Collections expected = collections(size);
      echo.put(sent);
      sent.list().clear(); // the receiver must not see this
      sent.map().clear();
      Collections got = echo.get(SOON);

      assertThat(got).isEqualTo(expected).isNotSameAs(sent);
      assertThatThrownBy(() -> got.list().clear()).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> got.set().clear()).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> got.map().clear()).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> got.map().get("ones").clear())
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> ((Box) got.shape()).more().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
    echo.kill(SOON);
  }

  @ParameterizedTest
  @EnumSource
  void arraysComeBackAsTheyWereWhenTheyWerePut(Where where) {
    Place<Arrays, Arrays> echo = at(where).place(where.spawn(), MessageBodies::arrays);
    for (int size : new int[] {3, 2_000}) {
      Arrays sent = arrays(size);
      double[] movedArray = sent.moved().take();
      Arrays again =
          new Arrays(
              sent.bytes(), sent.doubles(), sent.longs(), sent.ints(), sent.floats(), sent.rows(),
              Transfer.move(movedArray), sent.slice());
      echo.put(again);
      sent.bytes()[0] = 99;
      sent.doubles()[0] = 99;
      sent.rows().getFirst()[0] = 99;
      sent.slice().set(ValueLayout.JAVA_BYTE, 0, (byte) 99);
      Arrays got = echo.get(SOON);

      Arrays expected = arrays(size);
      assertThat(got)
          .usingRecursiveComparison(
              RecursiveComparisonConfiguration.builder()
                  .withIgnoredFields("moved", "slice")
                  .build())
          .isEqualTo(expected);
      double[] movedBack = got.moved().take();
      assertThat(movedBack).isEqualTo(expected.moved().take());
      assertThat(same(movedBack, movedArray)).as("moved").isEqualTo(where.sharesMemory());
      assertThat(got.slice().mismatch(expected.slice())).isEqualTo(-1);
    }
    echo.kill(SOON);
  }

  @SuppressWarnings("ReferenceEquality") // what is asked
  private static boolean same(Object got, Object sent) {
    return got == sent;
  }

  private static Arrays arrays(int size) {
    double[] doubles = IntStream.range(0, size).mapToDouble(i -> i / 3.0).toArray();
    float[] floats = new float[size];
    floats[1] = Float.MIN_VALUE;
    byte[] memory = new byte[size + 2];
    memory[1] = 7;
    return new Arrays(
        "x".repeat(size).getBytes(java.nio.charset.StandardCharsets.UTF_8),
        doubles,
        LongStream.range(-size, 0).toArray(),
        IntStream.range(-size, 0).toArray(),
        floats,
        List.of(doubles.clone(), new double[0]),
        Transfer.move(doubles.clone()),
        MemorySegment.ofArray(memory).asSlice(1, size));
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings({"unchecked", "rawtypes"}) // what no compiler can keep out
  void aLambdaInAListIsRefusedAtTheSenderAndNothingArrives(Where where) {
    Place<List<Pair<Long, String>>, List<Pair<Long, String>>> echo =
        at(where).place(where.spawn(), MessageBodies::lists);
    Runnable lambda = () -> {};
    List list = new ArrayList<>(List.of(new Pair<>(1L, "one"), lambda));
    assertThatThrownBy(() -> echo.put(list))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "List<Pair<Long, String>>[1]: a value of %s where %s is declared"
                .formatted(lambda.getClass().getName(), Pair.class.getName()));
    List<Pair<Long, String>> good = List.of(new Pair<>(2L, "two"));
    assertThat(echo.ask(good, SOON)).isEqualTo(good);
    assertThat(echo.poll()).isEmpty();
    echo.kill(SOON);
  }

  @ParameterizedTest
  @EnumSource
  void aSharedVectorIsOneForThePlacesOfANodeAndRefusedToOthers(Where where) {
    SharedDoubles vector = SharedDoubles.ofLength(4);
    if (where == Where.PROCESS || where == Where.NODE) {
      assertThatThrownBy(
              () -> at(where).place(where.spawn(), MessageBodies::writesIndexTwo, vector))
          .isInstanceOf(MessageNotAllowedException.class)
          .hasMessage(
              "SharedDoubles[length=4] is memory of this node and cannot travel to another; send a copy"
                  + " of it (toArray) instead");
      return;
    }
    SharedDoubles argument = SharedDoubles.ofLength(1);
    Place<Shared, String> place =
        at(where).place(where.spawn(), MessageBodies::writesIndexTwo, argument);
    assertThat(place.ask(new Shared(vector), SOON)).isEqualTo("written");
    assertThat(vector.toArray()).containsExactly(0, 0, 2.5, 0);
    assertThat(argument.get(0)).isEqualTo(1.5);
    place.kill(SOON);
  }

  @ParameterizedTest
  @EnumSource
  void twoPlacesTalkThroughEndsThatCameInListsWithoutTheirCreator(Where where) {
    var ends = PlaceChannel.pair(String.class, Long.class);
    var unused = PlaceChannel.pair(String.class, Long.class);
    Place<Doors, Doors> talker = at(where).place(where.spawn(), MessageBodies::talks);
    Place<Friends, String> counter = at(where).place(where.spawn(), MessageBodies::counts);

    talker.put(new Doors(List.of(unused.first(), ends.first())));
    counter.put(new Friends(List.of(ends.second())));

    assertThat(counter.get(SOON)).isEqualTo("got 0 got 1 got 2 ");
    List<PlaceChannel<String, Long>> back = talker.get(SOON).doors();
    if (where == Where.PROCESS || where == Where.NODE) {
      assertThat(back).as("an end that has moved away and back is another hold on it").hasSize(2);
    } else {
      assertThat(back).containsExactly(unused.first(), ends.first());
    }
    assertThat(talker.join(SOON)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aListOfAMillionArrives(Where where) {
    Place<List<Long>, Long> place = at(where).place(where.spawn(), MessageBodies::numbers);
    List<Long> immutable = LongStream.range(0, 1_000_000).boxed().toList();
    for (List<Long> list : List.of(immutable, new ArrayList<>(immutable))) {
      assertThat(place.ask(list, SOON)).isEqualTo(499_999_500_000L);
    }
    place.kill(SOON);
  }

  @ParameterizedTest
  @EnumSource
  void nestedRecordsArriveUpToTheLimitAndAreRefusedBeyondIt(Where where) {
    Place<Tree, Tree> echo = at(where).place(where.spawn(), MessageBodies::trees);
    Tree deepest = tree(32);
    assertThat(echo.ask(deepest, SOON)).isEqualTo(deepest);
    List<Tree> itself = new ArrayList<>();
    itself.add(new Tree(1, itself));
    String refused =
        "Tree" + ".children[0]".repeat(8) + "…n[0]" + ".children[0]".repeat(8)
            + ": messages nested deeper than 32; send deep structures as lists whose elements refer to"
            + " each other by index";
    for (Tree deeper : List.of(tree(33), tree(100_000), itself.getFirst())) {
      assertThatThrownBy(() -> echo.put(deeper))
          .isInstanceOf(MessageNotAllowedException.class)
          .hasMessage(refused);
    }
    assertThat(echo.ask(tree(1), SOON)).isEqualTo(tree(1));
    echo.kill(SOON);
  }

  private static Tree tree(int depth) {
    Tree tree = new Tree(depth, List.of());
    for (int i = 0; i < depth; i++) {
      tree = new Tree(i, List.of(tree));
    }
    return tree;
  }
}
