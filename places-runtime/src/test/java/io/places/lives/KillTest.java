package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.ChannelClosedException;
import io.places.channel.PlaceChannel;
import io.places.channel.Task;
import io.places.launch.Launch;
import io.places.message.SharedBytes;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Places that are killed while they are busy. */
class KillTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int THREADS = 10;

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

  /** Counts in a file until it is interrupted: memory that every isolation shares with its creator. */
  private static void count(MappedByteBuffer counters, int index) {
    while (!Thread.currentThread().isInterrupted()) {
      counters.putInt(index * Integer.BYTES, counters.getInt(index * Integer.BYTES) + 1);
    }
  }

  private static MappedByteBuffer map(String file) throws IOException {
    try (var channel =
        FileChannel.open(Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, (THREADS + 1) * Integer.BYTES);
    }
  }

  /** Starts threads and leaves them to themselves. */
  static void withThreads(PlaceChannel<String, Void> creator, String file) throws IOException {
    MappedByteBuffer counters = map(file);
    for (int i = 0; i < THREADS; i++) {
      int index = i;
      new Thread(() -> count(counters, index)).start();
    }
    creator.put("counting");
    count(counters, THREADS);
  }

  /** Starts threads and waits for them. */
  static void withTasks(PlaceChannel<String, Void> creator, String file) throws IOException {
    MappedByteBuffer counters = map(file);
    try (var tasks = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (int i = 0; i < THREADS; i++) {
        int index = i;
        tasks.execute(() -> count(counters, index));
      }
      creator.put("counting");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "CLASS_LOADER", "PROCESS"})
  void aKillReturnsAfterTheLastWriteOfEachThreadThatThePlaceHasStarted(Isolation isolation)
      throws IOException {
    Path file = counters("threads-" + isolation);
    Place<Void, String> place =
        node.place(Spawn.isolated(isolation), KillTest::withThreads, file.toString());
    killWhileItCounts(place, file, THREADS + 1);
  }

  @ParameterizedTest
  @EnumSource
  void aKillReturnsAfterTheLastWriteOfTasksThatThePlaceWaitsFor(Isolation isolation)
      throws IOException {
    Path file = counters("tasks-" + isolation);
    Place<Void, String> place =
        node.place(Spawn.isolated(isolation), KillTest::withTasks, file.toString());
    killWhileItCounts(place, file, THREADS);
  }

  /** The first in a JVM that waits like this has the JDK start a thread that never ends. */
  static void waitsWithATimeLimit(PlaceChannel<String, Void> creator) {
    creator.put(
        new CompletableFuture<String>()
            .completeOnTimeout("over", 1, TimeUnit.MILLISECONDS)
            .join());
    creator.get();
  }

  @Test
  void aPlaceInWhichTheJdkHasStartedAThreadForTheWholeJvmCanBeKilled() {
    RemoteNode fresh = node.launch(Launch.process());
    try (fresh) {
      for (int life = 0; life < 2; life++) {
        Place<Void, String> place = fresh.place(KillTest::waitsWithATimeLimit);
        assertThat(place.get(SOON)).isEqualTo("over");
        place.kill();
        assertThat(place.join(Duration.ZERO)).isEqualTo(1);
      }
    }
  }

  private static final NodeOptions TWO =
      NodeOptions.standard().key(ClusterKey.random(new SecureRandom())).allow("io.places.lives");

  private static final CompletableFuture<Node> MADE = new CompletableFuture<>();
  private static final CompletableFuture<RemoteNode> LAUNCHED = new CompletableFuture<>();

  /** Brings up a node in its JVM, which connects to its own, and launches another. */
  static void bringsUpNodes(PlaceChannel<String, Void> creator) {
    MADE.complete(Node.start(TWO.name("made")));
    MADE.join().connect(Node.current().address());
    LAUNCHED.complete(Node.current().launch("launched", Launch.process()));
    creator.put("up");
    creator.get();
  }

  @Test
  void aPlaceThatHasBroughtUpNodesCanBeKilledAndTheyGoOn() {
    try (Node first = Node.start(TWO.name("first"))) {
      Place<Void, String> place = first.place(KillTest::bringsUpNodes);
      assertThat(place.get(SOON)).isEqualTo("up");
      place.kill();
      assertThat(place.join(Duration.ZERO)).isEqualTo(1);

      assertThat(LAUNCHED.join().status().node()).isEqualTo("launched");
      try (Node made = MADE.join()) {
        assertThat(made.connect(first.address()).status().node()).isEqualTo("first");
      }
    }
  }

  private static Path counters(String name) throws IOException {
    return Files.write(folder.resolve(name), new byte[(THREADS + 1) * Integer.BYTES]);
  }

  private static void killWhileItCounts(Place<Void, String> place, Path file, int counting)
      throws IOException {
    assertThat(place.get(SOON)).isEqualTo("counting");
    MappedByteBuffer counters = map(file.toString());
    while (IntStream.range(0, counting).anyMatch(i -> counters.getInt(i * Integer.BYTES) == 0)) {
      Thread.onSpinWait();
    }
    place.kill(SOON);
    byte[] last = Files.readAllBytes(file);
    place.kill();
    place.kill();
    assertThat(place.join(Duration.ZERO)).isEqualTo(1);
    for (int i = 0; i < 500; i++) {
      LockSupport.parkNanos(10_000); // lets others run, if there are any
      assertThat(Arrays.mismatch(Files.readAllBytes(file), last)).as("writes after the kill").isNegative();
    }
  }

  /** Lists over and over; pauses, since 25 virtual threads that never do would keep all others out. */
  static void lists(PlaceChannel<String, Void> creator, String root) throws IOException {
    boolean told = false;
    while (!Thread.currentThread().isInterrupted()) {
      try (Stream<Path> all = Files.walk(Path.of(root));
          DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(root))) {
        var walk = all.iterator();
        for (Path entry : entries) {
          if (!told) {
            creator.put("listing " + entry.getFileName() + " of " + walk.next());
            told = true;
          }
        }
        while (walk.hasNext() && Files.exists(walk.next())) {
          if (Thread.currentThread().isInterrupted()) {
            throw new IOException("stopped in the middle");
          }
        }
      }
      LockSupport.parkNanos(50_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void placesThatAreKilledAmidDirectoryListingLeaveNoFileOpen(Isolation isolation)
      throws Exception {
    Path root = Files.createDirectories(folder.resolve("tree-" + isolation));
    for (int i = 0; i < 20; i++) {
      Files.createDirectories(root.resolve("a" + i).resolve("b").resolve("c"));
    }
    Machine before = Machine.now();
    List<Place<Void, String>> places = new ArrayList<>();
    for (int i = 0; i < (isolation == Isolation.PROCESS ? 2 : 25); i++) {
      places.add(node.place(Spawn.isolated(isolation), KillTest::lists, root.toString()));
    }
    for (Place<Void, String> place : places) {
      assertThat(place.get(SOON)).startsWith("listing a");
    }
    List<Task<Integer>> kills = new ArrayList<>();
    for (Place<Void, String> place : places) {
      kills.add(
          Task.start(
              () -> {
                place.kill(SOON);
                return place.join(Duration.ZERO);
              }));
    }
    for (Task<Integer> kill : kills) {
      assertThat(kill.result()).isEqualTo(1);
    }
    before.isBack();
  }

  /** Numbers to be read, and where readers tick them off. */
  record Work(PlaceChannel<Void, Integer> numbers, SharedBytes ticks) {}

  static void ticksOff(PlaceChannel<Integer, Void> creator, Work work) {
    boolean told = false;
    for (int number : work.numbers().messages()) {
      work.ticks().set(number, (byte) (work.ticks().get(number) + 1));
      if (!told) {
        creator.put(number);
        told = true;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"THREAD", "VIRTUAL"})
  void readersThatAreKilledAtFullRateLoseAndDoubleNothingButWhatIsInTheirHands(
      Isolation isolation) throws Exception {
    int count = 200_000;
    int killed = 8;
    var ends = PlaceChannel.pair(Integer.class, Void.class);
    var work = new Work(ends.second(), SharedBytes.ofLength(count));
    var writer =
        Task.start(
            () -> {
              for (int i = 0; i < count; i++) {
                ends.first().put(i, SOON);
              }
              ends.first().close();
              return count;
            });
    Place<Void, Integer> stays = node.place(Spawn.isolated(isolation), KillTest::ticksOff, work);
    for (int i = 0; i < killed; i++) {
      Place<Void, Integer> victim =
          node.place(Spawn.isolated(isolation), KillTest::ticksOff, work);
      try {
        assertThat(victim.get(SOON)).isNotNegative();
      } catch (ChannelClosedException e) {
        break; // all is read already
      }
      victim.kill(SOON);
    }
    assertThat(writer.result()).isEqualTo(count);
    assertThat(stays.join(SOON)).isZero();

    byte[] ticks = work.ticks().toArray();
    assertThat(IntStream.range(0, count).filter(i -> ticks[i] > 1)).as("doubled").isEmpty();
    assertThat(IntStream.range(0, count).filter(i -> ticks[i] == 0).count())
        .as("lost")
        .isLessThanOrEqualTo(killed);
  }
}
