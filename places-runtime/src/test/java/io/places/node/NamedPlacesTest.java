package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.NamedPlaceNotFoundException;
import io.places.PlaceAlreadyExistsException;
import io.places.PlaceStillRunningException;
import io.places.channel.PlaceChannel;
import io.places.launch.Launch;
import io.places.place.Isolation;
import io.places.place.NamedChannel;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import io.places.place.Spawn;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Places that are found by their names: on this node, and on another. */
class NamedPlacesTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration EVER = ChronoUnit.FOREVER.getDuration();

  /** Where the named place is. */
  enum Home {
    THIS_NODE,
    ANOTHER_NODE,
    ANOTHER_PROCESS
  }

  private static Node own;
  private static RemoteNode other;
  private static RemoteNode process;

  @BeforeAll
  static void start() {
    own = Node.start();
    other = own.launch(Node.inThisJvm());
    process = own.launch(Launch.process());
  }

  @AfterAll
  static void close() {
    own.close();
  }

  private static PlaceLocation node(Home home) {
    return switch (home) {
      case THIS_NODE -> own;
      case ANOTHER_NODE -> other;
      case ANOTHER_PROCESS -> process;
    };
  }

  @ParameterizedTest
  @EnumSource
  void aNameIsUniqueUntilItsPlaceHasEndedAndListedMeanwhile(Home home) {
    PlaceLocation node = node(home);
    Place<?, ?> first = node.place(Spawn.named("echo"), Bodies::shouting);
    assertThat(node.names()).containsExactly("echo");
    assertThatThrownBy(() -> node.place(Spawn.named("echo"), Bodies::shouting))
        .isInstanceOf(PlaceAlreadyExistsException.class)
        .hasMessageContaining(
            "node %s has a place named 'echo' already; a name is free again when its place has ended",
            node.name());
    first.kill();
    assertThat(node.names()).isEmpty();
    assertThatThrownBy(() -> node.named("echo", String.class, String.class))
        .isInstanceOf(NamedPlaceNotFoundException.class)
        .hasMessage("no place named 'echo' on node %s; it has: none".formatted(node.name()));
    Place<?, ?> second = node.place(Spawn.named("echo"), Bodies::shouting);
    assertThat(node.named("echo", String.class, String.class).ask("back", SOON)).isEqualTo("BACK");
    second.kill();
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsForANameIsLetInWhenItsPlaceStarts(Home home) throws Exception {
    PlaceLocation node = node(home);
    var waiting =
        CompletableFuture.supplyAsync(
            () -> node.named("late", String.class, String.class, EVER).ask("hello", SOON));
    assertThatThrownBy(
            () -> node.named("late", String.class, String.class, Duration.ofMillis(100)))
        .isInstanceOf(NamedPlaceNotFoundException.class)
        .hasMessage(
            "no place named 'late' on node %s within 0.1 s; it has: none".formatted(node.name()));
    assertThat(waiting).isNotDone();
    Place<?, ?> place = node.place(Spawn.named("late"), Bodies::shouting);
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("HELLO");
    place.kill();
  }

  @ParameterizedTest
  @EnumSource
  void aClientLearnsThatThePlaceEndedAndSeesAnotherEpochAfterwards(Home home) {
    PlaceLocation node = node(home);
    for (int life = 1; life <= 3; life++) {
      Place<?, ?> place = node.place(Spawn.supervised("phoenix", life), Bodies::shouting);
      NamedChannel<String, String> client =
          node.find("phoenix", String.class, String.class, SOON);
      assertThat(client.epoch()).isEqualTo(life);
      assertThat(client.channel().ask("alive", SOON)).isEqualTo("ALIVE");
      place.kill();
      assertThatThrownBy(() -> client.channel().get(SOON))
          .isInstanceOf(ChannelClosedException.class)
          .hasMessageContaining("place phoenix on node %s was killed".formatted(node.name()));
    }
    long before = epochOf(node);
    assertThat(epochOf(node)).isNotEqualTo(before);
  }

  /** It was never let in: nobody else would tell it, as long as the place's code goes on. */
  @ParameterizedTest
  @EnumSource(names = {"THIS_NODE", "ANOTHER_NODE"})
  void aClientAtTheDoorOfAKilledPlaceWhoseCodeGoesOnIsToldAtOnce(Home home) {
    PlaceLocation node = node(home);
    Place<?, ?> place = node.place(Spawn.named("deaf"), Bodies::deafUntilReleased);
    try {
      PlaceChannel<String, String> client = node.named("deaf", String.class, String.class, SOON);
      assertThatThrownBy(() -> place.kill(Duration.ofMillis(50)))
          .isInstanceOf(PlaceStillRunningException.class);
      assertThatThrownBy(() -> client.ask("anybody there?", SOON))
          .isInstanceOf(ChannelClosedException.class);
    } finally {
      Bodies.RELEASED.release();
      place.join(SOON);
    }
  }

  /** A kill may overtake the start on its node: the creator hears of that before the place runs. */
  @Test
  void aPlaceThatIsKilledAsSoonAsItIsStartedEnds() {
    for (int i = 0; i < 300; i++) {
      other.place(Spawn.isolated(Isolation.VIRTUAL), Bodies::silent).kill();
    }
  }

  private static long epochOf(PlaceLocation node) {
    Place<?, ?> place = node.place(Spawn.named("brief"), Bodies::shouting);
    long epoch = node.find("brief", String.class, String.class, Duration.ZERO).epoch();
    place.kill();
    return epoch;
  }

  @Test
  void aLongDirectoryIsListedWholeWithinThisNodeAndFromAnother() {
    List<String> expected =
        IntStream.range(0, 1_100)
            .mapToObj(i -> String.format(Locale.ROOT, "p%04d", i))
            .toList();
    List<Place<?, ?>> places = new ArrayList<>();
    for (String name : expected) {
      places.add(own.place(Spawn.named(name).isolation(Isolation.VIRTUAL), Bodies::shouting));
    }
    assertThat(own.names()).isEqualTo(expected);
    Place<Integer, String> lister = other.place(Bodies::listsNames);
    lister.put(own.address().getPort());
    assertThat(lister.get(SOON)).isEqualTo(String.join(" ", expected));
    places.forEach(Place::kill);
    assertThat(own.names()).isEmpty();
  }
}
