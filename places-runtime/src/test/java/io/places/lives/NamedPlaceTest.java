package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.NamedPlaceNotFoundException;
import io.places.PlaceFailedException;
import io.places.channel.PlaceChannel;
import io.places.channel.Task;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the clients of a named place see of its end, on its own node and on another. */
class NamedPlaceTest {
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

  /** Serves each client once: "end" and "fail" are done, anything else comes back. */
  @SuppressWarnings("ModifiedButNotUsed")
  static void serve(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    var all = new ArrayList<PlaceChannel<String, String>>(); // one that nobody can use is closed
    for (PlaceChannel<String, String> client : clients.messages()) {
      all.add(client);
      String wish = client.get();
      if (wish.equals("end")) {
        return;
      }
      if (wish.equals("fail")) {
        throw new IllegalStateException("the kettle is empty");
      }
      client.put(wish);
    }
  }

  @Test
  void aClientThatWaitsLearnsThatThePlaceHasEnded() {
    node.place(Spawn.named("ends"), NamedPlaceTest::serve);
    var first = node.named("ends", String.class, String.class);
    assertThat(first.ask("hello", SOON)).isEqualTo("hello");
    var waits = Task.startWaiting(first::get);
    var second = node.named("ends", String.class, String.class);
    second.put("end");

    assertThat(waits.failure())
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("place ends on node main has ended with exit code 0");
    assertThat(second.messages()).as("an orderly end").isEmpty();
  }

  @Test
  void aClientOnAnotherNodeLearnsHowThePlaceFailed() {
    Place<PlaceChannel<String, String>, Void> place =
        other.place(Spawn.named("fails"), NamedPlaceTest::serve);
    var first = other.named("fails", String.class, String.class);
    assertThat(first.ask("hello", SOON)).isEqualTo("hello");
    var waits = Task.startWaiting(first::get);
    other.named("fails", String.class, String.class).put("fail");

    assertThat(waits.failure())
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("place fails on node node-1 has ended with exit code 1")
        .hasCauseInstanceOf(PlaceFailedException.class)
        .cause()
        .hasMessageEndingWith("failed: java.lang.IllegalStateException: the kettle is empty");
    assertThat(place.join(SOON)).isEqualTo(1);
  }

  @Test
  void aNameIsFreeAgainWhenItsPlaceIsDead() {
    for (int i = 0; i < 50; i++) {
      var place = node.place(Spawn.named("phoenix"), NamedPlaceTest::serve);
      place.kill();
      assertThatThrownBy(() -> node.named("phoenix", String.class, String.class))
          .isInstanceOf(NamedPlaceNotFoundException.class)
          .hasMessageStartingWith("no place named 'phoenix' on node main");
    }
  }

  @Test
  void aPlaceWithoutANameTakesNobodysNameAway() {
    Place<Void, Void> anonymous = node.place(LifeBodies::exit, 0);
    assertThat(anonymous.join(SOON)).isZero();
    String next =
        anonymous.name().replaceAll("\\d+$", "")
            + (Integer.parseInt(anonymous.name().replaceAll("\\D+", "")) + 1);
    var named = node.place(Spawn.named(next), NamedPlaceTest::serve);
    Place<Void, Void> namesake = node.place(LifeBodies::exit, 0);
    assertThat(namesake.name()).isEqualTo(next);
    assertThat(namesake.join(SOON)).isZero();
    assertThat(node.named(next, String.class, String.class).ask("still here", SOON))
        .isEqualTo("still here");
    named.kill();
  }

  @Test
  void moreShortPlacesThanChannelsMayBeOpenRunOnAnotherNode() {
    for (int i = 0; i < 2_200; i++) { // each takes two of 4,096 channels while it runs
      Place<Void, Void> place = other.place(LifeBodies::exit, i % 256);
      assertThat(place.join(SOON)).isEqualTo(i % 256);
    }
  }
}
