package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.InterruptKind;
import io.places.LaunchException;
import io.places.ListeningSockets;
import io.places.NodeLostException;
import io.places.launch.FailedLaunch;
import io.places.launch.Launch;
import io.places.launch.NodeProcess;
import io.places.launch.ProcessLauncher;
import io.places.place.EntryPoint;
import io.places.place.Place;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node in a JVM of its own: its secret, its memory, its class path, its log and its end. */
class OwnProcessTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final ClusterKey KEY = ClusterKey.random(new SecureRandom());
  private static final NodeOptions OPTIONS = NodeOptions.standard().key(KEY).allow("io.places.node");

  @TempDir private static Path logs;

  private static Node node;
  private static RemoteNode worker;

  @BeforeAll
  static void launch() {
    node = Node.start(OPTIONS);
    worker = node.launch(Launch.process().logs(logs));
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theSecretOfALaunchedNodeIsNowhereToBeReadAndOthersThanThisMachineDoNotReachIt() throws IOException {
    String secret = KEY.expose().substring(KEY.expose().indexOf(':') + 1);
    assertThat(secret).hasSize(64);
    Path process = Path.of("/proc", Long.toString(worker.processId()));
    assertThat(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1))
        .contains("NodeMain")
        .doesNotContain(secret);
    assertThat(Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1))
        .contains("PATH=")
        .doesNotContain(secret);
    assertThat(ProcessLauncher.logFile(logs, worker.name()))
        .content(StandardCharsets.ISO_8859_1)
        .doesNotContain(secret);
    for (long each : List.of(worker.processId(), ProcessHandle.current().pid())) {
      ListeningSockets.Addresses listening = ListeningSockets.of(each);
      assertThat(listening.count()).isPositive();
      assertThat(listening.reachable()).isEmpty();
    }
  }

  @Test
  void aNodeWhoseJvmPrefersIpv6IsFoundWhereItListens() {
    RemoteNode other =
        node.launch(Launch.process().jvmOption("-Djava.net.preferIPv6Addresses=true"));
    assertThat(other.place(Bodies::echo).ask("hello", SOON)).isEqualTo("hello");
    assertThat(other.address().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
    other.close();
  }

  @Test
  void aNodeWithoutMemoryForItsConnectionsEndsSoThatItsPeersKnowBeforeTheyMissIt() throws Exception {
    RemoteNode small = node.launch(Launch.process().jvmOption("-Xmx32m"));
    CompletableFuture<ProcessHandle> exit =
        ProcessHandle.of(small.processId()).orElseThrow().onExit();
    Place<Void, Void> eater = small.place(Bodies::eatsAllMemory);
    assertThatThrownBy(() -> eater.get(Duration.ofSeconds(30)))
        .isInstanceOf(NodeLostException.class)
        .hasMessageContaining("was closed by the peer");
    exit.get(20, TimeUnit.SECONDS);
    assertThat(small.exitCode()).hasValue(3);
  }

  /** What comes from its owner does not fit: so the owner's connection is the one that ends. */
  @ParameterizedTest
  @ValueSource(ints = {900 << 10, 6 << 20})
  void aNodeWithoutMemoryForWhatItsOwnerSendsSaysSoAndEndsWithExitCode3(int size) throws Exception {
    RemoteNode small =
        node.launch(Launch.process().jvmOption("-Xmx32m").jvmOption("-XX:+UseSerialGC"));
    CompletableFuture<ProcessHandle> exit =
        ProcessHandle.of(small.processId()).orElseThrow().onExit();
    Place<byte[], String> full = small.place(Bodies::keepsMostMemory);
    assertThat(full.get(Duration.ofSeconds(30))).isEqualTo("full");
    full.put(new byte[size]);
    assertThatThrownBy(() -> full.get(Duration.ofSeconds(30)))
        .isInstanceOf(NodeLostException.class)
        .hasMessageContaining("was closed by the peer: ")
        .hasMessageContaining("OutOfMemoryError");
    exit.get(20, TimeUnit.SECONDS);
    assertThat(small.exitCode()).hasValue(3);
  }

  @Test
  void aBodyThatOnlyThisJvmHasIsRefusedWithWhatToDo(@TempDir Path folder) throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("OnlyHere.java"),
            """
            package io.places.node;

            public class OnlyHere {
              public static void body(io.places.channel.PlaceChannel<String, String> channel) {}
            }
            """);
    String classPath = System.getProperty("java.class.path");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-cp", classPath, "-d", folder.toString(), source.toString());
    assertThat(failed).isZero();
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Thread.currentThread().setContextClassLoader(loader);
      assertThatThrownBy(
              () -> worker.start(Spawn.anonymous(), new EntryPoint("io.places.node.OnlyHere", "body")))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("there is no class io.places.node.OnlyHere on this node's class path")
          .hasMessageContaining("it is not on this JVM's class path either");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void aFloodToASlowPlaceArrivesOnceAndInOrderAndItsSenderIsHeldBack() throws Exception {
    Place<Integer, Integer> slow =
        node.launch(Launch.process().jvmOption("-Xmx64m")).place(Bodies::readsLate);
    var sent = new AtomicInteger();
    CompletableFuture<Void> flood =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 1_000_000; i++) {
                slow.put(i);
                sent.incrementAndGet();
              }
            },
            Thread::startVirtualThread);
    long start = System.nanoTime();
    while (sent.get() < 1_024) { // its credit
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }
    assertThat(slow.offer(-1)).as("another one, while nothing is read").isFalse();
    assertThat(sent).hasValue(1_024);
    slow.interrupt(InterruptKind.BREAK); // now it reads
    flood.get(50, TimeUnit.SECONDS);
    assertThat(slow.get(SOON)).as("read in order").isEqualTo(1_000_000);
  }

  @Test
  void aNodeThatDoesNotComeUpSaysWhatItsProcessWrote() {
    FailedLaunch.assertFails(
        () -> node.launch(Launch.process().jvmOption("-XX:NoSuchOption")),
        "ended before it listened (exit code 1)",
        "NoSuchOption");
    FailedLaunch.assertFails(
        () -> Launch.process().launch(new NodeProcess("node-7", "io.places.NoSuchMain", List.of())),
        "node node-7 ended before it listened (exit code 1)",
        "ClassNotFoundException: io.places.NoSuchMain");
    Path nowhere = Path.of("no", "such", "folder");
    FailedLaunch.assertFails(
        () -> node.launch("unlogged", Launch.process().logs(nowhere)),
        "cannot start a JVM for node unlogged: there is no folder for its log " + nowhere);
  }

  /** A quarter of its heap, for all its connections together; no one of them takes half of that alone. */
  @Test
  void aMessageThatANodeHasNoMemoryForIsRefusedThereWithTheReason() {
    try (RemoteNode small = node.launch(Launch.process().jvmOption("-Xmx48m"));
        Node second = Node.start(OPTIONS.name("second"));
        Node third = Node.start(OPTIONS.name("third"))) {
      RemoteNode seenBySecond = second.connect(small.address());
      List<Place<byte[], Integer>> full = new ArrayList<>();
      for (RemoteNode seen : List.of(small, seenBySecond)) {
        Place<byte[], Integer> place = seen.place(TogetherBodies::neverReads);
        place.put(new byte[5 << 20], SOON);
        full.add(place);
      }
      long start = System.nanoTime();
      while (unread(small) < 10 << 20) { // both are there, or begun
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
      }
      Place<byte[], Integer> tooMuch = third.connect(small.address()).place(TogetherBodies::neverReads);
      tooMuch.put(new byte[5 << 20], SOON);
      assertThatThrownBy(() -> tooMuch.get(SOON))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("a message of 5242")
          .hasMessageContaining("is more than a quarter of this node's heap");
      for (RemoteNode seen : List.of(small, seenBySecond)) {
        assertThat(seen.place(Bodies::echo).ask("served", SOON)).isEqualTo("served");
      }
      full.forEach(Place::kill);

      Place<byte[], byte[]> echo = small.place(Bodies::echoBytes);
      assertThatThrownBy(() -> echo.ask(new byte[40 << 20], SOON))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("is more than a quarter of this node's heap");
    }
  }

  private static long unread(RemoteNode at) {
    return at.status().connections().rows().stream()
        .mapToLong(NodeStatus.ConnectionStatus::unreadBytes)
        .sum();
  }

  @Test
  void aLaunchedNodeEndsWhenItIsClosed() {
    RemoteNode shortLived = node.launch(Launch.process().limit(ChronoUnit.FOREVER.getDuration()));
    ProcessHandle process = ProcessHandle.of(shortLived.processId()).orElseThrow();
    shortLived.close();
    assertThat(process.isAlive()).isFalse();
  }
}
