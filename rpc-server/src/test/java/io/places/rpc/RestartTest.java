package io.places.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Clock;
import io.places.InterruptKind;
import io.places.PlaceRestartedException;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.cluster.LocalCluster;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import io.places.place.Spawn;
import io.places.rpc.Probe.Client;
import io.places.supervise.GaveUp;
import io.places.supervise.Restart;
import io.places.supervise.Supervisor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that end and are started anew, and what their clients hear of it. */
class RestartTest {
  private static final Duration MOMENT = Duration.ofMillis(5);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Node node = Node.start();
  private final Supervisor supervisor = Supervisor.at(node);

  @AfterEach
  void close() {
    supervisor.close();
    node.close();
  }

  private static void assertFails(Status status, boolean mayHaveRun, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.status()).as(e.getMessage()).isEqualTo(status);
              assertThat(e.mayHaveRun()).isEqualTo(mayHaveRun);
            });
  }

  @Test
  void aClientIsToldOnceThatTheStateIsLostBeforeAnythingReachesTheNewLife() {
    supervisor.supervise("probe", Probe::body, Restart.always().backoff(MOMENT));
    try (Client client = Client.connect(node, ClientOptions.standard().waiting())) {
      assertThat(client.run("add")).isEqualTo("1");
      assertThat(client.run("add")).isEqualTo("2");
      assertFails(Status.UNKNOWN_OUTCOME, true, () -> client.run("exit", "1"));
      assertThatThrownBy(() -> client.run("add"))
          .isInstanceOfSatisfying(
              RpcException.class, e -> assertThat(e.status()).isEqualTo(Status.RESTARTED))
          .hasMessageContaining("epoch 2")
          .hasMessageContaining("what it knew is lost")
          .cause()
          .isInstanceOfSatisfying(
              PlaceRestartedException.class, e -> assertThat(e.epoch()).isEqualTo(2));
      assertThat(client.run("count")).isEqualTo("0");
      assertThat(client.run("add")).isEqualTo("1");
    }
  }

  @Test
  void aCastTellsOfTheRestartToo() {
    supervisor.supervise("probe", Probe::body, Restart.always().backoff(MOMENT));
    try (Client client = Client.connect(node, ClientOptions.standard().waiting())) {
      assertFails(Status.UNKNOWN_OUTCOME, true, () -> client.run("exit", "1"));
      assertFails(Status.RESTARTED, false, () -> client.note("say", "x"));
      assertThat(client.run("notes")).isEmpty();
    }
  }

  /** A clock by which a supervisor's pause lasts until the test has ended it. */
  private static final class HeldClock implements Clock {
    private static final long LOOK = 5_000_000;

    volatile boolean over;

    @Override
    public long await(Condition condition, long nanos) throws InterruptedException {
      if (!Thread.currentThread().getName().equals("places-supervise")) {
        return Clock.system().await(condition, nanos);
      }
      if (!over) {
        var _ = Clock.system().await(condition, LOOK);
      }
      return over ? 0 : nanos;
    }

    @Override
    public long nanoTime() {
      return Clock.system().nanoTime();
    }

    @Override
    public Instant now() {
      return Clock.system().now();
    }

    @Override
    public void park(Object blocker, long nanos) {
      Clock.system().park(blocker, nanos);
    }
  }

  @Test
  void whileItIsDownACallFailsAtOnceUnlessItIsToWait() throws Exception {
    var clock = new HeldClock();
    var surroundings = new Surroundings(clock, Spawner.system(), new SecureRandom());
    try (Node held = Node.start(NodeOptions.standard().allow("io.places.rpc").surroundings(surroundings));
        Supervisor there = Supervisor.at(held)) {
      there.supervise("probe", Probe::body, Restart.always().backoff(HOUR));
      assertFailsAtOnceUnlessItIsToWait(held, clock);
    }
  }

  /** A busy machine is slow now and then, and at the first call always: the quickest counts. */
  private static void assertFailsAtOnceUnlessItIsToWait(Node held, HeldClock clock) throws Exception {
    try (Client quick = Client.connect(held);
        Client patient = Client.connect(held, ClientOptions.standard().waiting().ignoringRestarts())) {
      assertFails(Status.UNKNOWN_OUTCOME, true, () -> quick.run("exit", "1"));
      CompletableFuture<String> waits = patient.runAsync("add", "");
      var most = Duration.ofMillis(300);
      Duration quickest = HOUR;
      for (int attempt = 1; attempt <= 10 && quickest.compareTo(most) >= 0; attempt++) {
        long start = System.nanoTime();
        assertFails(Status.UNAVAILABLE, false, () -> quick.run("add"));
        quickest = Duration.ofNanos(System.nanoTime() - start);
      }
      assertThat(quickest).isLessThan(most);
      assertThat(waits).as("it is still down").isNotDone();
      clock.over = true;
      assertThat(waits.get(20, TimeUnit.SECONDS)).isEqualTo("1");
      assertFails(Status.RESTARTED, false, () -> quick.run("add"));
      assertThat(quick.run("count")).isEqualTo("1");
    }
  }

  @Test
  void whenAnotherCallEndsTheServerACallThatWaitsIsNeverOfUnknownOutcome() throws Exception {
    supervisor.supervise(
        "probe",
        Probe::body,
        Restart.always().backoff(MOMENT, MOMENT).atMost(1_000).within(Duration.ofSeconds(1)));
    ClientOptions options = ClientOptions.standard().waiting().ignoringRestarts();
    var over = new AtomicBoolean();
    try (Client crashes = Client.connect(node, options);
        Client first = Client.connect(node, options);
        Client second = Client.connect(node, options)) {
      CompletableFuture<?> calls =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  first.run("count");
                }
              },
              task -> Thread.startVirtualThread(task));
      CompletableFuture<?> futures =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  second.runAsync("count", "").join();
                }
              },
              task -> Thread.startVirtualThread(task));
      for (int crash = 0; crash < 100 && !calls.isDone() && !futures.isDone(); crash++) {
        assertFails(Status.UNKNOWN_OUTCOME, true, () -> crashes.run("exit", "1"));
      }
      over.set(true);
      calls.get(20, TimeUnit.SECONDS);
      futures.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aCallThatWaitsForTheServerFailsAtItsDeadline() {
    supervisor.supervise("probe", Probe::body, Restart.always().backoff(HOUR));
    try (Client client = Client.connect(node, ClientOptions.standard().waiting())) {
      assertFails(Status.UNKNOWN_OUTCOME, true, () -> client.run("exit", "1"));
      long start = System.nanoTime();
      assertFails(
          Status.UNAVAILABLE, false, () -> client.within(Duration.ofMillis(200)).run("add"));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(190), Duration.ofSeconds(3));
    }
  }

  @Test
  void aCallWithMoreTimeGoesOnWaitingWhenTheSearchOfAnotherEnds() throws Exception {
    Place<?, ?> first = Probe.start(node);
    ClientOptions options =
        ClientOptions.standard().waiting().ignoringRestarts().deadline(Duration.ofMillis(300));
    try (Client hasty = Client.connect(node, options)) {
      first.kill();
      assertThat(first.join(SOON)).isEqualTo(1);
      CompletableFuture<String> hurried = hasty.runAsync("add", "");
      CompletableFuture<String> patient = hasty.within(SOON).runAsync("add", "");
      assertThatThrownBy(() -> hurried.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(RpcException.class);
      Probe.start(node);
      assertThat(patient.get(20, TimeUnit.SECONDS)).isEqualTo("1");
    }
  }

  @Test
  void aFutureThatWaitsForItsServerFailsWhenItsClientIsClosed() {
    supervisor.supervise("probe", Probe::body, Restart.always().backoff(HOUR));
    Client client = Client.connect(node, ClientOptions.standard().waiting());
    assertFails(Status.UNKNOWN_OUTCOME, true, () -> client.run("exit", "1"));
    CompletableFuture<String> waits =
        client.within(Duration.ofMillis(300)).runAsync("add", "");
    client.close();
    assertThatThrownBy(() -> waits.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void aServerThatCrashesTooOftenIsGivenUpOnceAndCallsFailAtOnce() throws Exception {
    var gaveUp = new CompletableFuture<GaveUp>();
    var times = new AtomicInteger();
    supervisor.supervise(
        "probe",
        Probe::body,
        Restart.whenFailed()
            .atMost(3)
            .within(HOUR)
            .backoff(MOMENT)
            .onGiveUp(
                why -> {
                  times.incrementAndGet();
                  gaveUp.complete(why);
                }));
    try (Client crashes = Client.connect(node, ClientOptions.standard().waiting().ignoringRestarts());
        Client client = Client.connect(node)) {
      for (int crash = 1; crash <= 4; crash++) {
        assertFails(Status.UNKNOWN_OUTCOME, true, () -> crashes.run("exit", "1"));
      }
      assertThat(gaveUp.get(20, TimeUnit.SECONDS)).isNotNull();
      assertFails(Status.UNAVAILABLE, false, () -> client.run("echo"));
      assertFails(Status.UNAVAILABLE, false, () -> client.run("echo"));
      assertThat(times).hasValue(1);
    }
  }

  @Test
  void whatAServerHasBegunIsAnsweredThoughItEndsAndItsClientHasFoundTheNextOne() throws Exception {
    Probe.BEGUN.drainPermits();
    Probe.GO_ON.drainPermits();
    try (LocalCluster cluster = LocalCluster.inJvm(2)) {
      var at = new AtomicReference<PlaceLocation>(cluster.node(1));
      Place<?, ?> first = Probe.start(cluster.node(1));
      Probe.start(cluster.node(2));
      try (Client client =
          Client.connect(at::get, ClientOptions.standard().waiting().ignoringRestarts())) {
        CompletableFuture<String> begun = client.lookAsync("wait");
        assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        at.set(cluster.node(2));
        first.interrupt(InterruptKind.TERMINATE);
        awaitRefusal(cluster.node(1));
        assertThat(client.run("add")).isEqualTo("1"); // refused by the one, repeated at the other
        assertThat(begun).isNotDone();
        Probe.GO_ON.release();
        assertThat(begun.get(20, TimeUnit.SECONDS)).isEqualTo("went on");
        assertThat(first.join(SOON)).isZero();
      }
    }
  }

  @Test
  void howAServerIsClosedDoesNotHideWhyItHasEnded() {
    Place<?, ?> jammed = node.place(Spawn.named("probe"), Probe::jammed);
    try (Client client = Client.connect(node)) {
      assertFails(Status.UNKNOWN_OUTCOME, true, () -> client.run("exit", "3"));
    }
    assertThat(jammed.join(SOON)).isEqualTo(3);
  }

  /** Waits until the server there has heard that it is to end. */
  private static void awaitRefusal(PlaceLocation at) {
    long start = System.nanoTime();
    try (Client other = Client.connect(at)) {
      while (Duration.ofNanos(System.nanoTime() - start).compareTo(SOON) < 0) {
        try {
          other.within(Duration.ofMillis(100)).look("count");
        } catch (RpcException e) {
          if (e.status() == Status.UNAVAILABLE) {
            return;
          }
        }
      }
    }
    throw new AssertionError("the server does not end");
  }

  @Test
  void aServerThatNobodySupervisesAndSomebodyStartsAnewHasLostItsStateToo() {
    Place<?, ?> first = Probe.start(node);
    try (Client client = Client.connect(node)) {
      assertThat(client.run("add")).isEqualTo("1");
      first.kill();
      assertThat(first.join(SOON)).isEqualTo(1);
      assertFails(Status.UNAVAILABLE, false, () -> client.run("add"));
      Probe.start(node);
      assertFails(Status.RESTARTED, false, () -> client.run("add"));
      assertThat(client.run("add")).isEqualTo("1");
    }
  }

  @Test
  void ofManyCallersThatShareAClientOneIsTold() throws Exception {
    supervisor.supervise("probe", Probe::body, Restart.always().backoff(MOMENT));
    try (Client client = Client.connect(node, ClientOptions.standard().waiting())) {
      assertFails(Status.UNKNOWN_OUTCOME, true, () -> client.run("exit", "1"));
      var told = new AtomicInteger();
      CompletableFuture<?>[] callers = new CompletableFuture<?>[16];
      for (int i = 0; i < callers.length; i++) {
        callers[i] =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    client.run("add");
                  } catch (RpcException e) {
                    assertThat(e.status()).isEqualTo(Status.RESTARTED);
                    told.incrementAndGet();
                  }
                },
                task -> Thread.startVirtualThread(task));
      }
      CompletableFuture.allOf(callers).get(30, TimeUnit.SECONDS);
      assertThat(told).hasValue(1);
      assertThat(client.run("count")).isEqualTo("15");
    }
  }
}
