package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.GetTimeoutException;
import io.places.InterruptKind;
import io.places.LaunchException;
import io.places.ListeningSockets;
import io.places.NamedPlaceNotFoundException;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.launch.FailedLaunch;
import io.places.launch.Launch;
import io.places.launch.NodeProcess;
import io.places.launch.ProcessLauncher;
import io.places.place.EntryPoint;
import io.places.place.Place;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
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
import java.util.Random;
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

/** Places on a node in a JVM of its own. */
class RemotePlaceTest {
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
  void whatIsPutToARemotePlaceComesBack() {
    Place<String, String> echo = worker.place(Bodies::echo);
    echo.put("grüße, 世界 \uD83D\uDE00");
    assertThat(echo.get(SOON)).isEqualTo("grüße, 世界 \uD83D\uDE00");
  }

  @Test
  void aRemotePlaceRunsInTheProcessOfItsNode() {
    Place<Void, Long> place = worker.place(Bodies::processId);
    assertThat(place.get(SOON)).isEqualTo(worker.processId()).isNotEqualTo(ownPid());
  }

  private static long ownPid() {
    return ProcessHandle.current().pid();
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
    for (long each : List.of(worker.processId(), ownPid())) {
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
  void messagesArriveInOrderFarBeyondOneWindowOfCredit() {
    Place<Integer, Integer> place = worker.place(Bodies::upToSequence);
    place.put(20_000);
    List<Integer> got = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      got.add(place.get(SOON));
    }
    assertThat(got).isEqualTo(Bodies.numbers(20_000));
    assertThat(place.join(SOON)).isZero();
  }

  @Test
  void messagesArriveInOrderOverAWayThatCutsAndDelaysThemAnyhow() {
    long seed = new SecureRandom().nextLong();
    System.out.println("seed " + seed);
    try (Node behind = Node.start(OPTIONS.name("behind"));
        Relay way = new Relay(worker.address())) {
      way.jitter(new Random(seed));
      Place<Integer, Integer> place = behind.connect(way.address()).place(Bodies::upToSequence);
      place.put(20_000);
      for (int i = 0; i < 20_000; i++) {
        assertThat(place.get(SOON)).isEqualTo(i);
      }
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
  void aMessageLargerThanAFrameAndThanTheWindowArrivesWhole() {
    Place<byte[], byte[]> echo = worker.place(Bodies::echoBytes);
    byte[] large = new byte[20 << 20];
    new Random(7).nextBytes(large);
    echo.put(large);
    echo.put(new byte[0]);
    assertThat(echo.get(SOON)).isEqualTo(large);
    assertThat(echo.get(SOON)).isEmpty();
  }

  @Test
  void argumentsReachTheBody() {
    Place<Void, String> place = worker.place(Bodies::repeat, "tick", 2);
    assertThat(List.of(place.get(SOON), place.get(SOON))).containsExactly("tick 0", "tick 1");
    assertThat(place.join(SOON)).isZero();
  }

  @Test
  void aBodyMayBeAClass() {
    Place<Integer, Integer> adder = worker.place(Bodies.Adder.class);
    Bodies.numbers(3).forEach(adder::put);
    assertThat(adder.get(SOON)).isEqualTo(3);
  }

  @Test
  void theExitCodeComesAfterTheLastMessage() {
    Place<Void, String> place = worker.place(Bodies::exit42);
    assertThat(place.join(SOON)).isEqualTo(42);
    assertThat(place.join()).isEqualTo(42);
    assertThat(place.get(SOON)).isEqualTo("last words");
    assertThatThrownBy(place::get)
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("place %s on node node-1 has ended with exit code 42".formatted(place.name()));
    assertThat(worker.place(Bodies::exit300).join(SOON)).isZero();
  }

  @Test
  void aFailureReachesTheCreatorWithClassMessageStackNodeAndPlace() {
    Place<Void, String> place = worker.place(Bodies::fail);
    assertThat(place.join(SOON)).isEqualTo(1);
    PlaceFailedException failure = place.failure().orElseThrow();
    assertThat(failure)
        .hasMessage(
            "place %s on node node-1 failed: java.lang.IllegalStateException: the kettle is empty"
                .formatted(place.name()));
    assertThat(failure.exceptionClass()).isEqualTo("java.lang.IllegalStateException");
    assertThat(failure.stack()).contains("io.places.node.Bodies.fail(Bodies.java:");
    assertThat(place.get(SOON)).isEqualTo("before the failure");
    assertThatThrownBy(() -> place.get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasCauseInstanceOf(PlaceFailedException.class);
  }

  @Test
  void closingTheChannelEndsABodyThatWaits() {
    Place<String, String> place = worker.place(Bodies::silent);
    place.close();
    assertThat(place.join(SOON)).isZero();
    assertThat(place.failure()).isEmpty();
  }

  @Test
  void anEmptyChannelTimesOutAndLives() {
    Place<String, String> echo = worker.place(Bodies::echo);
    assertThatThrownBy(() -> echo.get(Duration.ofMillis(20)))
        .isInstanceOf(GetTimeoutException.class)
        .hasMessageStartingWith("no message came from a place of io.places.node.Bodies::echo");
    assertThatThrownBy(() -> echo.join(Duration.ofMillis(20)))
        .isInstanceOf(GetTimeoutException.class);
    assertThatThrownBy(() -> echo.get(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the timeout must not be negative, but is PT-0.001S");
    echo.put("still here");
    assertThat(echo.get(SOON)).isEqualTo("still here");
  }

  @Test
  void clientsFindANamedPlaceAndTalkToItDirectly() {
    worker.place(Spawn.named("shouting"), Bodies::shouting);
    try (var first = worker.named("shouting", String.class, String.class);
        var second = worker.named("shouting", String.class, String.class)) {
      first.put("one");
      second.put("two");
      assertThat(second.get(SOON)).isEqualTo("TWO");
      assertThat(first.get(SOON)).isEqualTo("ONE");
    }
    assertThatThrownBy(() -> worker.place(Spawn.named("shouting"), Bodies::shouting))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("node node-1 has a place named 'shouting' already");
    assertThatThrownBy(() -> worker.named("whispering", String.class, String.class))
        .isInstanceOf(NamedPlaceNotFoundException.class)
        .hasMessage("no place named 'whispering' on node node-1; it has: shouting");
    assertThatThrownBy(() -> worker.named("shouting", Long.class, String.class))
        .hasMessageContaining("receives java.lang.String, not java.lang.String and java.lang.Long");
  }

  @Test
  void placesOfTwoWorkersTalkWithoutTheirCreator() {
    try (RemoteNode server = node.launch(Launch.process())) {
      server.place(Spawn.named("shouting"), Bodies::shouting);
      Place<String, String> caller = worker.place(Bodies::calls, server.address().getPort());
      caller.put("from node to node");
      assertThat(caller.get(SOON)).isEqualTo("FROM NODE TO NODE");
      assertThat(caller.join(SOON)).isZero();
    }
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

  @Test
  void whatARemotePlacePrintsAppearsHereInWholeLinesBeforeJoinReturns() {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    PrintStream ownOut = System.out;
    PrintStream ownErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    Place<Void, Void> place;
    try {
      place = worker.place(Bodies::print);
      place.join(SOON);
    } finally {
      System.setOut(ownOut);
      System.setErr(ownErr);
    }
    String prefix = "node-1/" + place.name() + " | ";
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(prefix + "one", prefix + "two, three", prefix + "five");
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).containsExactly(prefix + "four");
  }

  @Test
  void streamsThatFailInTheirOwnWayAreNoReasonForAPlaceNotToEnd() {
    var out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new IllegalStateException("of the creator's own stream");
          }
        };
    var in =
        new InputStream() {
          @Override
          public int read() {
            throw new IllegalStateException("of the creator's own stream");
          }

          @Override
          public int read(byte[] into, int from, int most) {
            return read();
          }
        };
    Place<Void, Void> prints = worker.place(Spawn.anonymous().out(out), Bodies::print);
    assertThat(prints.join(SOON)).isZero();
    Place<Void, String> reads = worker.place(Spawn.anonymous().in(in), Bodies::tellsHowReadingFails);
    assertThat(reads.get(SOON)).contains("IllegalStateException: of the creator's own stream");
  }

  @Test
  void aKilledNodeFailsEveryPendingWaitAndNamesTheNode() throws Exception {
    RemoteNode doomed = node.launch(Launch.process());
    Place<String, String> silent = doomed.place(Bodies::silent);
    CompletableFuture<Throwable> get = failureOf(silent::get);
    CompletableFuture<Throwable> join = failureOf(silent::join);
    ProcessHandle.of(doomed.processId()).orElseThrow().destroyForcibly();

    for (CompletableFuture<Throwable> failure : List.of(get, join)) {
      assertThat(failure.get(5, TimeUnit.SECONDS))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("node " + doomed.name() + " (process " + doomed.processId())
          .hasMessageContaining("was ended by signal 9");
    }
    assertThat(doomed.isAlive()).isFalse();
    assertThatThrownBy(() -> silent.put("x")).isInstanceOf(NodeLostException.class);
    assertThatThrownBy(() -> doomed.place(Bodies::echo)).isInstanceOf(NodeLostException.class);
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

  @Test
  void aNodeThatMayTakeAllTheTimeThereIsIsClosedWithThoseThatItHasLaunched() {
    Node own = Node.start();
    RemoteNode child = own.launch(Node.inThisJvm());
    own.close(ChronoUnit.FOREVER.getDuration());
    assertThat(child.isAlive()).isFalse();
  }

  private static CompletableFuture<Throwable> failureOf(Runnable waiting) {
    var failure = new CompletableFuture<Throwable>();
    Thread.startVirtualThread(
        () -> {
          try {
            waiting.run();
          } catch (RuntimeException e) {
            failure.complete(e);
          }
        });
    return failure;
  }
}
