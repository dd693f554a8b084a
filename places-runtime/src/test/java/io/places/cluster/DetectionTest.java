package io.places.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.NodeLostException;
import io.places.event.Event;
import io.places.node.RemoteNode;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceDeath;
import io.places.place.Spawn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How soon, and by what, the loss of a node is known. */
@WithCluster(processes = 4, jvmOptions = DetectionTest.QUICK)
class DetectionTest {
  /** The nodes live for too short a time to optimise anything. */
  static final String QUICK = "-XX:TieredStopAtLevel=1";

  /** So one place is enough to keep all threads busy that carry virtual ones, and the tests beside this one go on. */
  static final String ONE_PROCESSOR = "-XX:ActiveProcessorCount=1";

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration KILLED = Duration.ofSeconds(1);
  private static final Duration SILENT = Duration.ofSeconds(8);

  /** How a call ended, and when. */
  private record Outcome(Throwable failure, long nanos) {}

  @Test
  void aKilledNodeIsKnownToEverySurvivorWithinASecond(LocalCluster cluster) throws Exception {
    for (int doomed = 1; doomed <= 3; doomed++) {
      List<Place<String, String>> watchers =
          watchers(cluster, doomed, IntStream.rangeClosed(doomed + 1, 4).toArray());
      Place<String, String> hears = cluster.node(doomed).place(DetectionBodies::hears);
      CompletableFuture<Outcome> call = start(() -> hears.ask("hello?", SOON));
      assertThat(hears.get(SOON)).isEqualTo("heard hello?");
      long start = System.nanoTime();
      cluster.kill(doomed);
      Outcome end = call.get(20, TimeUnit.SECONDS);
      for (Place<String, String> watcher : watchers) {
        assertThat(watcher.get(SOON)).startsWith("node node-" + doomed + " ");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(KILLED);
      assertThat(end.failure())
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("node node-" + doomed + " ")
          .hasMessageContaining("was ended by signal 9");
    }
  }

  /**
   * A process takes a while to die, and its peers to get a processor, on a machine that is busy. So the
   * clock starts once more when somebody who does nothing but read a bare socket of the killed process has seen
   * its end: within a few milliseconds on an idle machine. There are more attempts, of which one must keep both bounds.
   */
  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  @WithCluster(processes = 7, jvmOptions = QUICK)
  void aPendingCallToAKilledNodeFailsWithin100MillisecondsInTheMedian(LocalCluster cluster)
      throws Exception {
    Duration limit = Duration.ofMillis(100);
    var medians = new Medians(limit, limit);
    for (int attempt = 1; attempt <= 3 && !medians.areLessThan(limit); attempt++) {
      cluster.restore();
      medians = mediansToFailure(cluster);
    }
    assertThat(medians.fromSocketEnd()).as("from the end of a socket on, in the median").isLessThan(limit);
    assertThat(medians.fromKill()).as("from the kill on, in the median").isLessThan(limit);
  }

  private record Medians(Duration fromSocketEnd, Duration fromKill) {
    boolean areLessThan(Duration limit) {
      return fromSocketEnd.compareTo(limit) < 0 && fromKill.compareTo(limit) < 0;
    }
  }

  /** Kills all nodes, one after the other. */
  private static Medians mediansToFailure(LocalCluster cluster) throws Exception {
    List<Duration> calls = new ArrayList<>();
    List<Duration> sockets = new ArrayList<>();
    List<Duration> fromKill = new ArrayList<>();
    for (int doomed = 1; doomed <= 7; doomed++) {
      try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Place<String, String> hears =
            cluster.node(doomed).place(DetectionBodies::hearsWithASocket, server.getLocalPort());
        server.setSoTimeout(20_000);
        try (Socket socket = server.accept()) {
          var socketEnd = CompletableFuture.supplyAsync(() -> timeOfEnd(socket));
          CompletableFuture<Outcome> call = start(() -> hears.ask("hello?", SOON));
          assertThat(hears.get(SOON)).isEqualTo("heard hello?");
          long start = System.nanoTime();
          cluster.kill(doomed);
          Outcome end = call.get(20, TimeUnit.SECONDS);
          assertThat(end.failure()).isInstanceOf(NodeLostException.class);
          long seen = socketEnd.get(20, TimeUnit.SECONDS);
          calls.add(Duration.ofNanos(end.nanos() - seen));
          sockets.add(Duration.ofNanos(seen - start));
          fromKill.add(Duration.ofNanos(end.nanos() - start));
        }
      }
    }
    System.out.printf("pending calls failed %s after a socket had its end, %s%n", calls, sockets);
    return new Medians(median(calls), median(fromKill));
  }

  private static Duration median(List<Duration> durations) {
    return durations.stream().sorted().toList().get(durations.size() / 2);
  }

  private static long timeOfEnd(Socket socket) {
    try {
      while (socket.getInputStream().read() >= 0) {
        // only the end counts
      }
    } catch (IOException e) {
      // reset: an end, too
    }
    return System.nanoTime();
  }

  /** The slow ones at the same time: a pause for good, one of 2 s of a node that owns another, and a place that never rests. */
  @Test
  @WithCluster(processes = 5, jvmOptions = {QUICK, ONE_PROCESSOR})
  void aFrozenNodeIsKnownToEveryPeerWithin8SecondsAndNeitherAPauseOf2SecondsNorABusyPlaceHarmsAnybody(
      LocalCluster cluster) throws Exception {
    Place<String, String> owner = cluster.node(2).place(ComeAndGoBodies::ownsAnEcho);
    final String answer = owner.ask("a node of its own", SOON);
    RemoteNode busy = cluster.node(5);
    Place<String, String> idle = busy.place(DetectionBodies::silent);
    Place<Void, String> spinning =
        busy.place(Spawn.anonymous().isolation(Isolation.VIRTUAL), DetectionBodies::spins);
    assertThat(spinning.get(SOON)).isEqualTo("spinning");
    idle.kill(Duration.ofSeconds(4)); // it spins for longer
    List<Place<String, String>> watchers = watchers(cluster, 1, 3, 4);
    Place<String, String> echo = cluster.node(2).place(DetectionBodies::echo);
    RemoteNode frozen = cluster.node(1);
    Map<String, CompletableFuture<Outcome>> waiting = everyWait(frozen);
    cluster.pause(1);
    final long start = System.nanoTime();
    waiting.put("named", start(() -> frozen.named("late", String.class, String.class)));
    waiting.put("place", start(() -> frozen.place(DetectionBodies::echo)));

    cluster.pause(2);
    Duration pause = Duration.ofSeconds(2);
    CompletableFuture<Void> resumed =
        CompletableFuture.runAsync(
            () -> cluster.resume(2),
            CompletableFuture.delayedExecutor(pause.toSeconds(), TimeUnit.SECONDS));
    assertThat(echo.ask("after the pause", SOON)).isEqualTo("after the pause");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(pause);
    resumed.get(20, TimeUnit.SECONDS); // its answer may overtake the news that it runs on

    assertLost(waiting, start, SILENT, PlaceDeath.Reason.UNREACHABLE);
    for (Place<String, String> watcher : watchers) {
      assertThat(watcher.get(SOON)).contains("was silent for over 7 s");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SILENT);
    assertThat(echo.ask("still here", SOON)).isEqualTo("still here");
    assertThat(owner.ask("a node of its own", SOON)).isEqualTo(answer);

    assertThat(spinning.get(SOON)).isEqualTo("rests");
    assertThat(busy.place(DetectionBodies::echo).ask("rested", SOON)).isEqualTo("rested");

    ProcessHandle process = ProcessHandle.of(frozen.processId()).orElseThrow();
    cluster.resume(1);
    process.onExit().get(10, TimeUnit.SECONDS); // its owner has given it up
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyWaitForAKilledNodeEndsWithItsLoss(boolean processes) throws Exception {
    try (LocalCluster cluster =
        processes ? LocalCluster.processes(1) : LocalCluster.inJvm(1)) {
      RemoteNode doomed = cluster.node(1);
      Map<String, CompletableFuture<Outcome>> waiting = everyWait(doomed);
      if (processes) { // a node that answers would answer these
        cluster.pause(1);
        waiting.put("named", start(() -> doomed.named("late", String.class, String.class)));
        waiting.put("place", start(() -> doomed.place(DetectionBodies::echo)));
      }
      long start = System.nanoTime();
      cluster.kill(1);
      assertLost(waiting, start, KILLED, PlaceDeath.Reason.NODE_DOWN);
    }
  }

  /** Every call that waits for a node, each in a thread of its own. */
  private static Map<String, CompletableFuture<Outcome>> everyWait(RemoteNode on) {
    Place<String, String> silent = on.place(DetectionBodies::silent);
    Place<byte[], String> full = on.place(DetectionBodies::neverReads);
    while (full.offer(new byte[1 << 20])) {
      // until there is no credit left
    }
    Map<String, CompletableFuture<Outcome>> waiting = new LinkedHashMap<>();
    waiting.put("get", start(silent::get));
    waiting.put("get with a limit", start(() -> silent.get(SOON)));
    waiting.put("ask", start(() -> silent.ask("hello?", SOON)));
    waiting.put("put", start(() -> full.put(new byte[0])));
    waiting.put("join", start(silent::join));
    waiting.put("join with a limit", start(() -> silent.join(SOON)));
    waiting.put("sync", start(() -> Event.sync(silent.receiveEvent())));
    waiting.put("sync for credit", start(() -> Event.sync(full.creditEvent())));
    waiting.put("wait for a name", start(() -> on.named("late", String.class, String.class, SOON)));
    waiting.put(
        "dead event",
        start(
            () -> {
              throw new Died(Event.sync(silent.deadEvent()));
            }));
    return waiting;
  }

  private static void assertLost(
      Map<String, CompletableFuture<Outcome>> waiting,
      long start,
      Duration limit,
      PlaceDeath.Reason reason)
      throws Exception {
    for (Map.Entry<String, CompletableFuture<Outcome>> wait : waiting.entrySet()) {
      Outcome end = wait.getValue().get(20, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(end.nanos() - start)).as(wait.getKey()).isLessThan(limit);
      if (end.failure() instanceof Died died) {
        assertThat(died.how.reason()).isEqualTo(reason);
      } else {
        assertThat(end.failure())
            .as(wait.getKey())
            .isInstanceOf(NodeLostException.class)
            .hasMessageContaining("node node-1 ");
      }
    }
  }

  /** Carries a death out of a wait that ends without an exception. */
  private static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // stays in this JVM
    final PlaceDeath how;

    Died(PlaceDeath how) {
      this.how = how;
    }
  }

  /** Places on other nodes that wait for a message from one, and say what they got instead. */
  private static List<Place<String, String>> watchers(
      LocalCluster cluster, int watched, int... on) {
    RemoteNode node = cluster.node(watched);
    node.place(Spawn.named("quiet"), DetectionBodies::quiet);
    List<Place<String, String>> watchers = new ArrayList<>();
    for (int number : on) {
      Place<String, String> watcher =
          cluster.node(number).place(DetectionBodies::watches, node.address().getPort());
      assertThat(watcher.get(SOON)).isEqualTo("watching");
      watchers.add(watcher);
    }
    return watchers;
  }

  private static CompletableFuture<Outcome> start(Runnable wait) {
    var outcome = new CompletableFuture<Outcome>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                wait.run();
                outcome.completeExceptionally(new AssertionError("the wait ended without a failure"));
              } catch (RuntimeException e) {
                outcome.complete(new Outcome(e, System.nanoTime()));
              }
            });
    return outcome;
  }
}
