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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes whose way to each other is cut while both live: for a while, for long, and in one direction. */
class PartitionTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration NOTICED = Duration.ofSeconds(8);
  private static final Duration AGAIN = Duration.ofSeconds(5);

  /** How long the longer cut lasts; 30 for the long form: {@code -Dplaces.cut.seconds=30}. */
  private static final Duration LONGER = Duration.ofSeconds(Integer.getInteger("places.cut.seconds", 10));

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
    far.place(Spawn.named("ledger"), PartitionBodies::ledger);
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
  void aCutOf3SecondsHarmsNobodyAndALongerOneIsKnownToBothWithin8AndNothingOldComesAfterIt(boolean process)
      throws Exception {
    RemoteNode far = far(process);
    var brief = new Near("brief", far);
    var there = new Near("there", far);
    var back = new Near("back", far);
    var both = new Near("both", far);
    List<Near> cut = List.of(there, back, both);
    List<CompletableFuture<String>> farSides = cut.stream().map(near -> farSide(far, near)).toList();
    List<Place<Void, String>> farOwners = cut.stream().map(near -> farOwner(far, near)).toList();
    List<CompletableFuture<PlaceDeath>> deaths = cut.stream().map(PartitionTest::deathThere).toList();
    List<CompletableFuture<Integer>> floods = cut.stream().map(PartitionTest::flood).toList();
    List<AtomicInteger> failedCalls = cut.stream().map(PartitionTest::pendingCall).toList();
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
    List<String> reasons =
        List.of("was silent for over 7 s", "which had heard nothing from here", "was silent for over 7 s");
    for (int i = 0; i < cut.size(); i++) {
      assertThat(farSides.get(i).get(20, TimeUnit.SECONDS))
          .startsWith("NodeLostException: node " + cut.get(i).node.name())
          .contains(reasons.get(i))
          .endsWith("unknown whether what was under way there was done");
    }
    for (Place<Void, String> owner : farOwners) {
      assertThat(owner.get(SOON)).isEqualTo("UNREACHABLE");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(NOTICED);
    healed.get(1, TimeUnit.SECONDS);
    assertThat(counting.get(30, TimeUnit.SECONDS)).isPositive();
    assertThat(brief.far.isAlive()).isTrue();

    List<String> arrived = cut.stream().map(near -> arrived(far, near)).toList();
    for (Near near : cut) {
      assertThatThrownBy(() -> near.far.place(Bodies::echo)).isInstanceOf(NodeLostException.class);
    }
    Duration lasting = process ? LONGER : NOTICED;
    long left = lasting.toNanos() - (System.nanoTime() - start);
    CompletableFuture.runAsync(
            () -> cut.forEach(near -> near.way.heal()),
            CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS, Thread::startVirtualThread))
        .get(LONGER.toSeconds() + 1, TimeUnit.SECONDS);
    long healing = System.nanoTime();
    for (int i = 0; i < cut.size(); i++) {
      Near near = cut.get(i);
      near.way.awaitTheEndOfAll(); // what was on the way has come or never will
      RemoteNode again = near.node.connect(near.way.address());
      PlaceChannel<String, String> echo = again.named("echo", String.class, String.class);
      for (int number = 0; number < 100; number++) {
        assertThat(echo.ask("again " + number, SOON)).isEqualTo("again " + number);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - healing)).isLessThan(AGAIN);
      assertThat(arrived(again, near)).isEqualTo(arrived.get(i)).endsWith(" in order");
      int sent = floods.get(i).get(1, TimeUnit.SECONDS);
      assertThat(Integer.parseInt(arrived.get(i).split(" ", 2)[0])).isBetween(1, sent);
      assertThat(failedCalls.get(i)).hasValue(1);
      assertThatThrownBy(() -> near.far.place(Bodies::echo)).isInstanceOf(NodeLostException.class);
    }
  }

  /** Sends numbers until it is told that the far node is lost; answers how many. */
  private static CompletableFuture<Integer> flood(Near near) {
    PlaceChannel<String, String> ledger = near.far.named("ledger", String.class, String.class);
    ledger.put(near.node.name());
    for (int number = 1; number <= 10; number++) { // these come before the cut
      assertThat(ledger.ask(Integer.toString(number), SOON)).isEqualTo("noted");
    }
    return CompletableFuture.supplyAsync(() -> floodOn(ledger), Thread::startVirtualThread);
  }

  private static int floodOn(PlaceChannel<String, String> ledger) {
    int number = 10;
    try {
      while (true) {
        ledger.put(Integer.toString(number + 1), SOON);
        number++;
      }
    } catch (NodeLostException e) {
      return number;
    }
  }

  /** How many numbers of this node have arrived, and whether in order. */
  private static String arrived(RemoteNode far, Near near) {
    return far.named("ledger", String.class, String.class).ask("tell " + near.node.name(), SOON);
  }

  /** Counts how often a call that is not answered fails. */
  @SuppressWarnings("FutureReturnValueIgnored") // what is counted is what comes of it
  private static AtomicInteger pendingCall(Near near) {
    var failures = new AtomicInteger();
    near.far
        .place(Bodies::silent)
        .askAsync("pending", Duration.ofMinutes(1))
        .whenComplete((answer, failure) -> failures.incrementAndGet());
    return failures;
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

  /** A place of the far node that has one on the near node. */
  private static Place<Void, String> farOwner(RemoteNode far, Near near) {
    Place<Void, String> owner = far.place(PartitionBodies::hasAPlaceThere, near.node.address().getPort());
    assertThat(owner.get(SOON)).isEqualTo("there");
    return owner;
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
