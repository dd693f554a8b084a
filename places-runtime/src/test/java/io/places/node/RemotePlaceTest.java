package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.GetTimeoutException;
import io.places.LaunchException;
import io.places.NamedPlaceNotFoundException;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.launch.Launch;
import io.places.launch.Launcher;
import io.places.place.Place;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Places on another node, whether that has a JVM of its own or shares this one. */
@ParameterizedClass(name = "in a process: {0}")
@ValueSource(booleans = {false, true})
class RemotePlaceTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final NodeOptions OPTIONS =
      NodeOptions.standard().key(ClusterKey.random(new SecureRandom())).allow("io.places.node");

  private static Node node = Node.start(OPTIONS);
  private static RemoteNode worker = node.launch(launcher(false));

  @Parameter boolean process;

  @BeforeParameterizedClassInvocation
  static void launch(boolean process) {
    node.close();
    node = Node.start(OPTIONS);
    worker = node.launch(launcher(process));
  }

  @AfterParameterizedClassInvocation
  static void close() {
    node.close();
  }

  private static Launcher launcher(boolean process) {
    return process ? Launch.process() : Node.inThisJvm();
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
    assertThat(place.get(SOON)).isEqualTo(worker.processId());
    assertThat(worker.processId() == ProcessHandle.current().pid()).isEqualTo(!process);
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
  @Timeout(value = 3, unit = TimeUnit.MINUTES) // each message may be held up, on a machine that may be busy
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
    try (RemoteNode server = node.launch(launcher(process))) {
      server.place(Spawn.named("shouting"), Bodies::shouting);
      Place<String, String> caller = worker.place(Bodies::calls, server.address().getPort());
      caller.put("from node to node");
      assertThat(caller.get(SOON)).isEqualTo("FROM NODE TO NODE");
      assertThat(caller.join(SOON)).isZero();
    }
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
    RemoteNode doomed = node.launch(launcher(process));
    Place<String, String> silent = doomed.place(Bodies::silent);
    CompletableFuture<Throwable> get = failureOf(silent::get);
    CompletableFuture<Throwable> join = failureOf(silent::join);
    if (process) {
      ProcessHandle.of(doomed.processId()).orElseThrow().destroyForcibly();
    } else {
      doomed.kill();
    }

    for (CompletableFuture<Throwable> failure : List.of(get, join)) {
      assertThat(failure.get(5, TimeUnit.SECONDS))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("node " + doomed.name() + " (process " + doomed.processId())
          .hasMessageContaining(process ? "was ended by signal 9" : "it ran in this JVM");
    }
    assertThat(doomed.isAlive()).isFalse();
    assertThatThrownBy(() -> silent.put("x")).isInstanceOf(NodeLostException.class);
    assertThatThrownBy(() -> doomed.place(Bodies::echo)).isInstanceOf(NodeLostException.class);
  }

  @Test
  void aNodeThatMayTakeAllTheTimeThereIsIsClosedWithThoseThatItHasLaunched() {
    Node own = Node.start();
    RemoteNode child = own.launch(launcher(process));
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
