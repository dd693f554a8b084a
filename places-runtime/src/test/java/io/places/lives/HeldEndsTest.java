package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.GetTimeoutException;
import io.places.NodeLostException;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.Spawn;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends of channels that places hold, other than their own, when those places end. */
class HeldEndsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Proven with thousands. */
  private static final int KILLS = Integer.getInteger("places.kills", 30);

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

  private static PlaceChannel.Pair<String, String> pair() {
    return PlaceChannel.pair(String.class, String.class);
  }

  private static Place<HeldEndBodies.Order, Void> holder(Where where) {
    return where.location(node, other).place(where.spawn(), HeldEndBodies::hold);
  }

  @ParameterizedTest
  @EnumSource
  void whoTalksToAPlaceThatIsKilledIsTold(Where where) {
    var pair = pair();
    Place<HeldEndBodies.Order, Void> holder = holder(where);
    holder.put(new HeldEndBodies.Order("stay", pair.second()));
    assertThat(pair.first().get(SOON)).isEqualTo("here");
    holder.kill();
    assertThatThrownBy(() -> pair.first().get(SOON))
        .isInstanceOfAny(ChannelClosedException.class, NodeLostException.class);
    assertThatThrownBy(() -> pair.first().put("too late"))
        .isInstanceOfAny(ChannelClosedException.class, NodeLostException.class);
  }

  @ParameterizedTest
  @EnumSource
  void whoTalksToAPlaceThatFailsIsToldWhatFailed(Where where) {
    var pair = pair();
    holder(where).put(new HeldEndBodies.Order("fail", pair.second()));
    assertThat(pair.first().get(SOON)).isEqualTo("here");
    assertThatThrownBy(() -> pair.first().get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessageContaining("has ended with exit code 1")
        .cause()
        .hasMessageContaining("the kettle is empty");
  }

  @ParameterizedTest
  @EnumSource
  void anEndThatAPlaceWasStartedWithEndsWithItToo(Where where) {
    var pair = pair();
    where
        .location(node, other)
        .place(where.spawn(), HeldEndBodies::holdArgument, "exit", pair.second());
    assertThat(pair.first().get(SOON)).isEqualTo("here");
    assertThatThrownBy(() -> pair.first().get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessageContaining("has ended with exit code 7");
  }

  @ParameterizedTest
  @EnumSource
  void anEndInAMessageThatIsNeverGotIsLostWithThePlace(Where where) {
    var pair = pair();
    Place<HeldEndBodies.Order, String> deaf =
        where.location(node, other).place(where.spawn(), HeldEndBodies::neverGet);
    assertThat(deaf.get(SOON)).isEqualTo("here");
    deaf.put(new HeldEndBodies.Order("lost", pair.second()));
    deaf.kill();
    assertThatThrownBy(() -> pair.first().get(SOON))
        .isInstanceOfAny(ChannelClosedException.class, NodeLostException.class);
  }

  @ParameterizedTest
  @EnumSource
  void anEndInAnAnswerThatComesTooLateIsLostWithIt(Where where) {
    Place<String, HeldEndBodies.Order> place =
        where.location(node, other).place(where.spawn(), HeldEndBodies::answerLater);
    assertThatThrownBy(() -> place.ask("who has it?", Duration.ofMillis(50)))
        .isInstanceOf(GetTimeoutException.class);
    place.put("nobody waits any more");
    assertThat(place.join(SOON)).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void whatAPlaceSaidOnAChannelThatItMadeIsGotBeforeTheOrderlyClose(Where where) {
    Place<Void, HeldEndBodies.Order> maker =
        where.location(node, other).place(where.spawn(), HeldEndBodies::make);
    PlaceChannel<String, String> end = maker.get(SOON).end();
    assertThat(maker.join(SOON)).isZero();
    assertThat(end.messages()).containsExactly("one", "two", "three");
  }

  @ParameterizedTest
  @EnumSource
  void theDeathOfOneOfTwoThatWereConnectedIsKnownToTheOther(Where where) {
    var pair = pair();
    var toRelay = pair();
    Place<HeldEndBodies.Order, Void> relay =
        where.location(node, other).place(where.spawn(), HeldEndBodies::relay);
    relay.put(new HeldEndBodies.Order("from", pair.second()));
    relay.put(new HeldEndBodies.Order("to", toRelay.second()));
    Place<HeldEndBodies.Order, Void> holder = holder(where);
    holder.put(new HeldEndBodies.Order("fail", pair.first()));
    assertThat(toRelay.first().get(SOON)).isEqualTo("here");
    assertThat(relay.join(SOON)).as("the relay fails, too").isEqualTo(1);
    assertThatThrownBy(() -> toRelay.first().get(SOON)).isInstanceOf(ChannelClosedException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "VIRTUAL", "CLASS_LOADER"})
  void aNamedPlaceLearnsThatItsClientHasEnded(Where where) {
    Place<PlaceChannel<String, String>, Void> server =
        node.place(Spawn.named("near"), HeldEndBodies::serve);
    for (int i = 0; i < 3; i++) { // each client is served when the one before it is gone
      Place<Void, String> client = node.place(where.spawn(), HeldEndBodies::ask, "near");
      assertThat(client.get(SOON)).isEqualTo("hello");
    }
    server.kill();
  }

  @Test
  void aNamedPlaceLearnsThatItsClientOnAnotherNodeHasEnded() {
    other.place(Spawn.named("far"), HeldEndBodies::serve);
    for (int i = 0; i < 3; i++) {
      Place<Void, String> client = node.place(HeldEndsTest::askFar);
      assertThat(client.get(SOON)).isEqualTo("hello");
    }
  }

  static void askFar(PlaceChannel<String, Void> channel) {
    channel.put(other.named("far", String.class, String.class).ask("hello", SOON));
  }

  @Test
  void anEndThatTwoPlacesOfAJvmWereSentStaysOpenUntilBothAreGone() {
    var pair = pair();
    Place<HeldEndBodies.Order, Void> first = holder(Where.THREAD);
    Place<HeldEndBodies.Order, Void> second = holder(Where.VIRTUAL);
    for (var each : List.of(first, second)) {
      each.put(new HeldEndBodies.Order("stay", pair.second()));
      assertThat(pair.first().get(SOON)).isEqualTo("here");
    }
    first.kill();
    pair.first().put("to whoever is left");
    second.kill();
    assertThatThrownBy(() -> pair.first().get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessageContaining(second.toString());
  }

  @Test
  void anEndThatItsSenderUsesOutlivesThosePlacesThatItWasLentTo() {
    var pair = pair();
    Place<HeldEndBodies.Order, Void> holder = holder(Where.THREAD);
    holder.put(new HeldEndBodies.Order("stay", pair.second()));
    assertThat(pair.first().get(SOON)).isEqualTo("here");
    pair.second().put("and its sender");
    holder.kill();
    assertThat(pair.first().get(SOON)).isEqualTo("and its sender");
    pair.second().put("again");
    assertThat(pair.first().get(SOON)).isEqualTo("again");
  }

  @Test
  void anEndMayBeLentToOnePlaceAfterTheOther() {
    var results = pair();
    for (int i = 0; i < 5; i++) {
      Place<Void, Void> worker =
          node.place(HeldEndBodies::holdArgument, "return", results.second());
      assertThat(worker.join(SOON)).isZero();
      assertThat(results.first().get(SOON)).isEqualTo("here");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "CLASS_LOADER", "NODE"})
  void whateverAKilledPlaceWasJustDoingWithAnEndItsPeerIsTold(Where where) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < KILLS; round++) {
      var pair = pair();
      Place<HeldEndBodies.Order, ?> holder =
          random.nextBoolean()
              ? holder(where)
              : where.location(node, other).place(where.spawn(), HeldEndBodies::neverGet);
      long moment = random.nextLong(2_000_000);
      Thread killer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    LockSupport.parkNanos(moment);
                    holder.kill();
                  });
      if (isSent(holder, new HeldEndBodies.Order("stay", pair.second()))) {
        assertThatThrownBy(() -> pair.first().messages().forEach(word -> assertThat(word).isEqualTo("here")))
            .as("round %d", round)
            .isInstanceOf(ChannelClosedException.class);
      } else {
        pair.second().put("still here");
        assertThat(pair.first().get(SOON)).as("round %d", round).isEqualTo("still here");
      }
      killer.join();
    }
  }

  private static boolean isSent(Place<HeldEndBodies.Order, ?> to, HeldEndBodies.Order order) {
    try {
      to.put(order);
      return true;
    } catch (ChannelClosedException killed) {
      return false;
    }
  }

  @Test
  void thousandsOfEndsThatLieInEachOtherAreLostTogether() {
    var first = PlaceChannel.pair(Nested.class, Nested.class);
    var outermost = first.second();
    for (int i = 0; i < 10_000; i++) {
      var next = PlaceChannel.pair(Nested.class, Nested.class);
      next.first().put(new Nested(outermost));
      outermost = next.second();
    }
    outermost.close();
    assertThatThrownBy(() -> first.first().get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessageContaining("was in a message that was never got");
  }

  /** An end of a channel of such messages. */
  record Nested(PlaceChannel<Nested, Nested> end) {}
}
