package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import io.places.place.Place;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import io.places.wire.Connection;
import io.places.wire.ConnectionListener;
import io.places.wire.NodeIdentity;
import io.places.wire.Transport;
import io.places.wire.Wire;
import io.places.wire.proto.Control;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Two nodes have one connection, however they come to it. */
class OneConnectionTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final ClusterKey key = ClusterKey.random(new SecureRandom());
  private final Node one = start("one");
  private final Node two = start("two");

  private Node start(String name) {
    return Node.start(NodeOptions.standard().name(name).key(key).allow("io.places.node"));
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  @RepeatedTest(10)
  void twoNodesThatConnectToEachOtherAtTheSameMomentEndUpWithOneConnection() throws Exception {
    var barrier = new CyclicBarrier(2);
    CompletableFuture<RemoteNode> there = connecting(barrier, one, two);
    CompletableFuture<RemoteNode> back = connecting(barrier, two, one);
    Place<String, String> first = there.get(10, TimeUnit.SECONDS).place(Bodies::echo);
    Place<String, String> second = back.get(10, TimeUnit.SECONDS).place(Bodies::echo);
    assertThat(first.ask("to two", SOON)).isEqualTo("to two");
    assertThat(second.ask("to one", SOON)).isEqualTo("to one");
    first.kill();
    second.kill();

    assertThat(awaitConnections(one, 1)).isEqualTo(1);
    assertThat(awaitConnections(two, 1)).isEqualTo(1);
    Place<String, String> later = back.get().place(Bodies::echo);
    assertThat(later.ask("still", SOON)).isEqualTo("still");
    assertThat(there.get().isAlive()).isTrue();
  }

  private static CompletableFuture<RemoteNode> connecting(
      CyclicBarrier barrier, Node from, Node to) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            barrier.await(10, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return from.connect(to.address());
        },
        Thread::startVirtualThread);
  }

  /** How many there are, when there are no more than that or it has taken too long. */
  static int awaitConnections(Node node, int most) {
    long end = System.nanoTime() + SOON.toNanos();
    while (node.connections() > most && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return node.connections();
  }

  @Test
  void whoConnectsToANodeThatHasConnectedBeforeSharesThatConnection() {
    RemoteNode there = one.connect(two.address());
    RemoteNode back = two.connect(one.address());
    RemoteNode again = one.connect(two.address());
    assertThat(one.connections()).isEqualTo(1);
    assertThat(two.connections()).isEqualTo(1);

    there.close();
    there.close(); // again means nothing
    Place<String, String> echo = again.place(Bodies::echo);
    assertThat(echo.ask("shared", SOON)).isEqualTo("shared");
    again.close();
    assertThatThrownBy(() -> echo.ask("gone", SOON)).isInstanceOf(NodeLostException.class);
    assertThat(back.name()).isEqualTo("one");
  }

  @Test
  void whoSharesAConnectionThatTheOtherHasOpenedLeavesItToTheOther() {
    Place<String, String> ofOne = one.connect(two.address()).place(Bodies::echo);
    RemoteNode back = two.connect(one.address());
    Place<String, String> ofTwo = back.place(Bodies::echo);
    assertThat(ofTwo.ask("shared", SOON)).isEqualTo("shared");
    var pair = PlaceChannel.pair(String.class, String.class);
    one.connect(two.address()).place(EndBodies::echoOn).put(pair.second());
    assertThat(pair.first().ask("has moved", SOON)).isEqualTo("has moved");
    assertThat(one.connections()).isEqualTo(1);

    back.close();
    assertThatThrownBy(() -> ofTwo.ask("gone", SOON))
        .isInstanceOf(NodeLostException.class)
        .hasMessageContaining("was left: the connection to it was closed here");
    long end = System.nanoTime() + SOON.toNanos();
    while (!one.status().places().rows().isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(one.status().places().rows()).as("what two has started ends").isEmpty();
    assertThat(ofOne.ask("still here", SOON)).isEqualTo("still here");
    assertThat(pair.first().ask("still moved", SOON)).isEqualTo("still moved");
    assertThat(two.connect(one.address()).place(Bodies::echo).ask("back", SOON)).isEqualTo("back");
  }

  @Test
  void manyWhoConnectAtTheSameTimeShareOneConnection() {
    List<CompletableFuture<RemoteNode>> connecting =
        Stream.generate(() -> CompletableFuture.supplyAsync(
                    () -> one.connect(two.address()), Thread::startVirtualThread))
            .limit(8)
            .toList();
    connecting.forEach(CompletableFuture::join);
    assertThat(one.connections()).isEqualTo(1);
  }

  @Test
  void whoWaitsForTheAttemptOfOneWhoIsInterruptedOrInHasteTriesItHimself() throws Exception {
    try (var way = new Relay(two.address())) {
      way.cutBack(); // it cannot be connected before the way is whole again
      var failure = new CompletableFuture<Throwable>();
      Thread first =
          Thread.ofVirtual()
              .uncaughtExceptionHandler((thread, e) -> failure.complete(e))
              .start(() -> one.connect(way.address()));
      while (way.taken() == 0) {
        Thread.onSpinWait();
      }
      var patient = new CompletableFuture<RemoteNode>();
      Thread second =
          Thread.ofVirtual()
              .uncaughtExceptionHandler((thread, e) -> patient.completeExceptionally(e))
              .start(() -> patient.complete(one.connect(way.address())));
      while (second.getState() != Thread.State.TIMED_WAITING && second.isAlive()) {
        Thread.onSpinWait(); // until it waits for the first one's attempt
      }
      first.interrupt();
      assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(PlaceInterruptedException.class);
      way.heal();

      assertThat(patient.get(10, TimeUnit.SECONDS).place(Bodies::echo).ask("there", SOON)).isEqualTo("there");
    }
  }

  /** It belongs to the cluster, and says nothing. */
  private static final class Silent implements ConnectionListener {
    @Override
    public void opened(Connection connection) {}

    @Override
    public void control(Connection connection, Control message) {}

    @Override
    public void data(Connection connection, long channel, int marks, byte[] message, int size) {}

    @Override
    public void credit(Connection connection, long channel, long messages, long bytes) {}

    @Override
    public void closed(Connection connection, String reason, boolean mayStillRun) {}
  }

  private static boolean waitsForTheFirstWord(Thread thread) {
    return Stream.of(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("introduced"));
  }

  @Test
  void aConnectionDoesNotStayWhenWhoeverOpenedItIsInterruptedBeforeThePeersFirstWord() throws Exception {
    Transport network = NodeOptions.standard().transport().get();
    try (var silent =
        new Wire(Surroundings.system(), network, key, "silent", new NodeIdentity(new UUID(1, 1), 1), new Silent())) {
      InetSocketAddress address = silent.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var failure = new CompletableFuture<Throwable>();
      Thread connecting =
          Thread.ofVirtual()
              .uncaughtExceptionHandler((thread, e) -> failure.complete(e))
              .start(() -> one.connect(address));
      while (connecting.isAlive() && !waitsForTheFirstWord(connecting)) {
        Thread.onSpinWait();
      }
      assertThat(one.connections()).isEqualTo(1);
      connecting.interrupt();
      assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(PlaceInterruptedException.class);
      assertThat(awaitConnections(one, 0)).isZero();
    }
  }

  @Test
  void anEndKeepsTheConnectionThatItNeeds() {
    RemoteNode remote = one.connect(two.address());
    Place<PlaceChannel<String, String>, Void> there = remote.place(EndBodies::echoOn);
    var pair = PlaceChannel.pair(String.class, String.class);
    there.put(pair.second());
    assertThat(pair.first().ask("before", SOON)).isEqualTo("before");
    remote.close();
    assertThat(pair.first().ask("after", SOON)).isEqualTo("after");
  }

  @Test
  @SuppressWarnings("try") // that it is closed early is what is tested
  void aPeerThatComesAndGoesLeavesTheOthersAlone() {
    one.place(Spawn.named("shouting"), Bodies::shouting);
    try (var mine = one.named("shouting", String.class, String.class);
        Node third = start("third")) {
      try (var first = two.connect(one.address()).named("shouting", String.class, String.class)) {
        for (int i = 0; i < 5; i++) {
          try (RemoteNode remote = third.connect(one.address());
              var visitor = remote.named("shouting", String.class, String.class)) {
            assertThat(visitor.ask("visitor " + i, SOON)).isEqualTo("VISITOR " + i);
          }
          assertThat(first.ask("stays", SOON)).isEqualTo("STAYS");
        }
        third.close();
        assertThat(first.ask("stays", SOON)).isEqualTo("STAYS");
        assertThat(mine.ask("so do i", SOON)).isEqualTo("SO DO I");
      }
    }
  }
}
