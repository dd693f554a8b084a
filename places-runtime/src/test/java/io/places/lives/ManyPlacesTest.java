package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import io.places.node.Node;
import io.places.node.NodeProcesses;
import io.places.place.GroupMember;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceDeath;
import io.places.place.PlaceGroup;
import io.places.place.Spawn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Places that compete, places without end, and places that run away. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class ManyPlacesTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long MEMORY = 32 << 20;

  private static Node node;

  @TempDir private static Path folder;

  @BeforeAll
  static void start() {
    node = Node.start();
  }

  @AfterAll
  static void close() {
    node.close();
  }

  static void readsOne(PlaceChannel<Integer, Void> creator, PlaceChannel<Void, Integer> queue) {
    creator.put(queue.get());
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "VIRTUAL"})
  void fourPlacesThatReadOneEndGetOneOfFourMessagesEach(Isolation isolation) {
    var queue = PlaceChannel.pair(Integer.class, Void.class);
    List<Place<Void, Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(
          node.place(Spawn.isolated(isolation), ManyPlacesTest::readsOne, queue.second()));
    }
    IntStream.range(0, 4).forEach(queue.first()::put);
    assertThat(readers.stream().map(reader -> reader.get(SOON))).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(readers.stream().map(reader -> reader.join(SOON))).containsOnly(0);
  }

  /** Each client of this channel holds the lock, in turn, until it gives it back. */
  static void lock(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    for (PlaceChannel<String, String> client : clients.messages()) {
      client.put("locked");
      client.get(SOON);
    }
  }

  /** Where the lock is and what it guards: a file that must not be there when it is made. */
  record Guarded(int port, String file, int times) {}

  static void locks(PlaceChannel<Integer, Void> creator, Guarded guarded) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), guarded.port());
    boolean here = Node.current().address().equals(address);
    var creators = here ? null : Node.current().connect(address);
    for (int i = 0; i < guarded.times(); i++) {
      try (PlaceChannel<String, String> lock =
          creators == null
              ? Node.current().named("lock", String.class, String.class)
              : creators.named("lock", String.class, String.class)) {
        lock.get(SOON);
        Path file = Files.createFile(Path.of(guarded.file())); // fails if it is there
        Files.delete(file);
        lock.put("unlocked");
      }
    }
    creator.put(guarded.times());
  }

  @ParameterizedTest
  @EnumSource
  void aLockThatAPlaceServesOverOneChannelIsNeverHeldTwice(Isolation isolation) {
    Place<PlaceChannel<String, String>, Void> lock =
        node.place(Spawn.named("lock"), ManyPlacesTest::lock);
    var guarded =
        new Guarded(
            node.address().getPort(), folder.resolve("guarded-" + isolation).toString(), 100);
    List<Place<Void, Integer>> places = new ArrayList<>();
    for (int i = 0; i < (isolation == Isolation.PROCESS ? 2 : 4); i++) {
      places.add(node.place(Spawn.isolated(isolation), ManyPlacesTest::locks, guarded));
    }
    for (Place<Void, Integer> place : places) {
      assertThat(place.get(SOON)).isEqualTo(100);
      assertThat(place.join(SOON)).isZero();
    }
    lock.close();
    assertThat(lock.join(SOON)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void manyShortPlacesFourAtATimeGiveBackWhatTheyTook(Isolation isolation) {
    boolean process = isolation == Isolation.PROCESS;
    four(isolation); // what is made once is made now
    Machine before = Machine.now();
    for (int round = 0; round < (process ? 1 : 256); round++) {
      four(isolation);
    }
    before.isBack();
  }

  private static void four(Isolation isolation) {
    List<Place<Void, Integer>> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      four.add(node.place(Spawn.isolated(isolation), LifeBodies::results, 3, i));
    }
    for (int i = 0; i < 4; i++) {
      assertThat(four.get(i).join(SOON)).isEqualTo(i);
      assertThat(four.get(i).get()).isZero();
    }
  }

  /** Takes memory and starts a place that does the same. */
  static void runsAway(PlaceChannel<String, Void> creator, Boolean swarm) {
    byte[] held = new byte[1 << 20];
    creator.put("runs in process " + ProcessHandle.current().pid());
    Spawn spawn = Spawn.isolated(swarm ? Isolation.VIRTUAL : Isolation.THREAD);
    Place<Void, String> next = Node.current().place(spawn, ManyPlacesTest::runsAway, swarm);
    next.get();
    held[next.join() % held.length] = 1;
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "VIRTUAL"})
  void aPlaceThatRunsAwayEndsWithAllThatItHasStartedAtTheBoundOfItsMemory(Isolation ofChildren) {
    Spawn bounded = Spawn.isolated(Isolation.PROCESS).memory(MEMORY);
    Place<Void, String> place =
        node.place(bounded, ManyPlacesTest::runsAway, ofChildren == Isolation.VIRTUAL);
    long process = Long.parseLong(place.get(SOON).replaceAll("\\D", ""));
    PlaceDeath death = Event.sync(SOON, place.deadEvent()).orElseThrow();
    assertThat(death.reason()).isEqualTo(PlaceDeath.Reason.NODE_DOWN);
    assertThatThrownBy(() -> place.join(SOON))
        .isInstanceOf(NodeLostException.class)
        .hasMessageContaining(
            "ended with exit code 3, because its bound of 33554432 bytes of memory was not enough");
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(node.place(LifeBodies::exit, 7).join(SOON)).as("the parent goes on").isEqualTo(7);
  }

  static Integer memberRunsAway(GroupMember self, Boolean swarm) {
    if (self.rank() == 0) {
      Place<Void, String> place = Node.current().place(ManyPlacesTest::runsAway, swarm);
      place.join();
    }
    self.barrier();
    return self.rank();
  }

  @Test
  void aGroupWithABoundOfWhichOneMemberRunsAwayEndsAsAWhole() {
    assertThatThrownBy(
            () ->
                PlaceGroup.forkJoin(
                    List.of(node),
                    Spawn.isolated(Isolation.PROCESS).memory(MEMORY),
                    2,
                    ManyPlacesTest::memberRunsAway,
                    true))
        .isInstanceOf(NodeLostException.class)
        .hasMessageContaining("because its bound of 33554432 bytes of memory was not enough");
    assertThat(NodeProcesses.running()).isEmpty();
  }

  static void escapes(PlaceChannel<String, Void> creator) {
    try {
      Node.current().place(Spawn.isolated(Isolation.PROCESS), LifeBodies::exit, 0);
      creator.put("escaped");
    } catch (IllegalStateException e) {
      creator.put(String.valueOf(e.getMessage()));
    }
  }

  @Test
  void noProcessEscapesABoundOfMemory() {
    Place<Void, String> place =
        node.place(Spawn.isolated(Isolation.PROCESS).memory(MEMORY), ManyPlacesTest::escapes);
    assertThat(place.get(SOON))
        .isEqualTo(
            "this place is bounded to 33554432 bytes of memory (Spawn.memory), which a further process"
                + " would escape; start places of another isolation");
    assertThat(place.join(SOON)).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "VIRTUAL", "CLASS_LOADER"})
  void aBoundOfMemoryThatCannotBeHeldIsRefused(Isolation isolation) {
    assertThatThrownBy(
            () ->
                node.place(Spawn.isolated(isolation).memory(MEMORY), ManyPlacesTest::escapes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a place of Isolation.%s shares the heap of its JVM, so it cannot be held to 33554432 bytes of memory; use Isolation.PROCESS"
                .formatted(isolation));
  }

  @Test
  void aBoundOfMemoryBelowWhatANodeNeedsIsRefused() {
    assertThatThrownBy(() -> Spawn.isolated(Isolation.PROCESS).memory(1_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a JVM with a node in it needs 16777216 bytes of memory for itself; it cannot be held to 1000");
  }
}
