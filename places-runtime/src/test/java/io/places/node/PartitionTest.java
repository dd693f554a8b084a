package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import io.places.launch.Launch;
import io.places.place.Place;
import io.places.place.PlaceDeath;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes whose way to each other is cut while both live: for a while, for long, and in one direction. */
class PartitionTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration NOTICED = Duration.ofSeconds(8);
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final NodeOptions options =
      NodeOptions.standard()
          .key(ClusterKey.random(new SecureRandom()))
          .allow(PartitionTest.class.getPackageName());
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

  /** A node that reaches the far one by a way of its own. */
  private final class Near {
    final Node node;
    final Relay way;
    final RemoteNode far;

    Near(String name, RemoteNode to) {
      way = new Relay(to.address());
      open.add(way);
      node = Node.start(options.name(name));
      open.add(node);
      far = node.connect(way.address());
    }
  }

  /** The node at the other end of all ways, and one that has launched it. */
  private RemoteNode far(boolean process) {
    Node owner = Node.start(options.name("owner"));
    open.add(owner);
    RemoteNode far = owner.launch(process ? Launch.process() : Node.inThisJvm());
    far.place(Spawn.named("echo"), PartitionBodies::serve);
    return far;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  /** The slow ones at the same time. */
  @ParameterizedTest(name = "the other is a process: {0}")
  @ValueSource(booleans = {true, false})
  void aCutOf3SecondsHarmsNobodyAndALongerOneIsKnownToBothWithin8(boolean process)
      throws Exception {
    RemoteNode far = far(process);
    var brief = new Near("brief", far);
    var there = new Near("there", far);
    var back = new Near("back", far);
    var both = new Near("both", far);
    List<Near> cut = List.of(there, back, both);
    List<CompletableFuture<String>> farSides = cut.stream().map(near -> farSide(far, near)).toList();
    List<CompletableFuture<PlaceDeath>> deaths = cut.stream().map(PartitionTest::deathThere).toList();
    CompletableFuture<Integer> counting = CompletableFuture.supplyAsync(() -> count(brief), Thread::startVirtualThread);

    long start = System.nanoTime();
    brief.way.cutThere();
    brief.way.cutBack();
    CompletableFuture<Void> healed =
        CompletableFuture.runAsync(
            brief.way::heal, CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS, Thread::startVirtualThread));
    there.way.cutThere();
    back.way.cutBack();
    both.way.cutThere();
    both.way.cutBack();

    for (CompletableFuture<PlaceDeath> death : deaths) { // also where the other side closes the way
      assertThat(death.get(20, TimeUnit.SECONDS).reason())
          .isEqualTo(PlaceDeath.Reason.UNREACHABLE);
    }
    for (CompletableFuture<String> side : farSides) {
      assertThat(side.get(20, TimeUnit.SECONDS)).startsWith("NodeLostException");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(NOTICED);
    healed.get(1, TimeUnit.SECONDS);
    assertThat(counting.get(30, TimeUnit.SECONDS)).isPositive();
    assertThat(brief.far.isAlive()).isTrue();

    for (Near near : cut) {
      assertThatThrownBy(() -> near.far.place(Bodies::echo)).isInstanceOf(NodeLostException.class);
      long healing = System.nanoTime();
      near.way.heal();
      RemoteNode again = near.node.connect(near.way.address());
      assertThat(again.named("echo", String.class, String.class).ask("again", SOON))
          .isEqualTo("again");
      assertThat(Duration.ofNanos(System.nanoTime() - healing)).isLessThan(AGAIN);
    }
  }

  /** Asks in a row until the cut is over, and some more; what comes must be the answers, in order. */
  private static int count(Near near) {
    PlaceChannel<String, String> echo = near.far.named("echo", String.class, String.class);
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    int asked = 0;
    while (System.nanoTime() - end < 0) {
      for (int i = 0; i < 10; i++) {
        echo.put("number " + (asked + i));
      }
      for (int i = 0; i < 10; i++) {
        assertThat(echo.get(SOON)).isEqualTo("number " + asked++);
      }
    }
    return asked;
  }

  /** What a place of the far node is told that waits for somebody on the near one. */
  private CompletableFuture<String> farSide(RemoteNode far, Near near) {
    String name = "watches-" + near.node.name();
    far.place(Spawn.named(name), PartitionBodies::watch);
    PlaceChannel<String, String> watched = near.far.named(name, String.class, String.class);
    open.add(watched); // an end that nobody can use any more is closed
    assertThat(watched.get(SOON)).isEqualTo("watching");
    PlaceChannel<String, String> told = far.named(name, String.class, String.class);
    return CompletableFuture.supplyAsync(() -> told.get(SOON), Thread::startVirtualThread);
  }

  private static CompletableFuture<PlaceDeath> deathThere(Near near) {
    Place<String, String> place = near.far.place(Bodies::silent);
    return CompletableFuture.supplyAsync(
        () -> Event.sync(place.deadEvent()), Thread::startVirtualThread);
  }

  @ParameterizedTest(name = "the other is a process: {0}")
  @ValueSource(booleans = {true, false})
  void aWayThatIsResetAgainAndAgainLeavesNothingBehind(boolean process) throws Exception {
    RemoteNode far = far(process);
    var near = new Near("near", far);
    int failed = 0;
    for (int i = 0; i < 50; i++) {
      RemoteNode there = near.node.connect(near.way.address());
      PlaceChannel<String, String> echo = there.named("echo", String.class, String.class);
      assertThat(echo.ask("call " + i, SOON)).isEqualTo("call " + i);
      CompletableFuture<Void> load = CompletableFuture.runAsync(() -> askForEver(echo), Thread::startVirtualThread);
      near.way.reset();
      try {
        load.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(NodeLostException.class);
        failed++;
      }
    }
    assertThat(failed).isEqualTo(50);
    assertThat(near.node.status().connections().rows()).isEmpty();
    long start = System.nanoTime();
    while (connectedTo(far).size() > 1 || clientsOfEcho(far) > 0) { // the last reset may just be on its way
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }
    assertThat(connectedTo(far)).containsExactly("owner");
  }

  private static List<String> connectedTo(RemoteNode node) {
    return node.status().connections().rows().stream()
        .map(NodeStatus.ConnectionStatus::node)
        .toList();
  }

  private static long clientsOfEcho(RemoteNode node) {
    NodeStatus.NameStatus echo = node.status().names().rows().getFirst();
    return echo.clients() + echo.waiting();
  }

  private static void askForEver(PlaceChannel<String, String> echo) {
    while (true) {
      assertThat(echo.ask("more", SOON)).isEqualTo("more");
    }
  }
}
