package io.places.rpc.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Clock;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.cluster.LocalCluster;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.rpc.ClientOptions;
import io.places.rpc.RpcErrorException;
import io.places.rpc.RpcException;
import io.places.rpc.Status;
import io.places.supervise.GaveUp;
import io.places.supervise.Restart;
import io.places.supervise.Supervisor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a generated client tells of a server that waits, fails, dies and is started anew. */
class ScenariosTest {
  private static final Duration LONG = Duration.ofSeconds(25);
  private static final Duration MOMENT = Duration.ofMillis(5);

  /** A busy machine is late by itself now and then: the best of some rounds counts. */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // up to 16 JVMs are started one after the other
  void aCallUnderWayIsToldInMillisecondsThatItsServerWasKilledAndWhere() {
    var most = Duration.ofMillis(100);
    Duration median = LONG;
    try (LocalCluster cluster = LocalCluster.processes(1)) {
      for (int round = 1; round <= 3 && median.compareTo(most) >= 0; round++) {
        median = medianOfFiveKills(cluster);
      }
    }
    assertThat(median).as("the median").isLessThan(most);
  }

  private static Duration medianOfFiveKills(LocalCluster cluster) {
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      cluster.restore();
      WorkbenchPlace.start(cluster.node(1));
      try (var client = WorkbenchClient.connect(cluster.node(1))) {
        client.echo("there");
        CompletableFuture<?> call = client.sleepAsync(LONG);
        long start = System.nanoTime();
        cluster.kill(1);
        RpcException failure = Failures.failureOf(call);
        times.add(Duration.ofNanos(System.nanoTime() - start));
        assertThat(failure.status()).isEqualTo(Status.UNKNOWN_OUTCOME);
        assertThat(failure).hasMessageContainingAll("node-1", "epoch");
        Failures.assertFails(Status.UNAVAILABLE, false, () -> client.echo("gone"));
      }
    }
    times.sort(null);
    System.out.println("calls failed after a kill in " + times);
    return times.get(2);
  }

  @Test
  void aServerThatCrashesTooOftenIsGivenUpOnce() throws Exception {
    var gaveUp = new CompletableFuture<GaveUp>();
    var times = new AtomicInteger();
    Restart restart =
        Restart.whenFailed()
            .atMost(3)
            .within(Duration.ofHours(1))
            .backoff(MOMENT)
            .onGiveUp(
                why -> {
                  times.incrementAndGet();
                  gaveUp.complete(why);
                });
    try (Node node = Node.start();
        Supervisor supervisor = Supervisor.at(node)) {
      WorkbenchPlace.supervise(supervisor, restart);
      try (var crashes =
              WorkbenchClient.connect(
                  node, ClientOptions.standard().waiting().ignoringRestarts());
          var client = WorkbenchClient.connect(node)) {
        for (int crash = 1; crash <= 4; crash++) {
          Failures.assertFails(Status.UNKNOWN_OUTCOME, true, () -> crashes.exit(1));
        }
        assertThat(gaveUp.get(20, TimeUnit.SECONDS)).isNotNull();
        Failures.assertFails(Status.UNAVAILABLE, false, () -> client.echo("gone"));
        assertThat(times).hasValue(1);
      }
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
  void callsDuringARestartWaitOrFailAsTheirClientSaysAndReachTheNewLifeOnly() throws Exception {
    var clock = new HeldClock();
    var surroundings = new Surroundings(clock, Spawner.system(), new SecureRandom());
    try (Node node = Node.start(NodeOptions.standard().allow("io.places.rpc").surroundings(surroundings));
        Supervisor supervisor = Supervisor.at(node)) {
      WorkbenchPlace.supervise(supervisor, Restart.always().backoff(Duration.ofHours(1)));
      try (var quick = WorkbenchClient.connect(node);
          var patient =
              WorkbenchClient.connect(
                  node, ClientOptions.standard().waiting().ignoringRestarts())) {
        quick.add(1_000);
        Failures.assertFails(Status.UNKNOWN_OUTCOME, true, () -> quick.exit(1));
        CompletableFuture<Long> waits = patient.addAsync(1);
        Failures.assertFails(Status.UNAVAILABLE, false, () -> quick.add(10));
        clock.over = true;
        assertThat(waits.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        Failures.assertFails(Status.RESTARTED, false, () -> quick.add(100));
        assertThat(quick.count()).isEqualTo(1);
      }
    }
  }

  @Test
  void eachOf64CallersOfOneClientGetsItsOwnReplies() throws Exception {
    try (LocalCluster cluster = LocalCluster.inJvm(1)) {
      WorkbenchPlace.start(cluster.node(1));
      try (var client = WorkbenchClient.connect(cluster.node(1))) {
        IntFunction<CompletableFuture<Void>> caller =
            name ->
                CompletableFuture.runAsync(
                    () -> {
                      for (int i = 0; i < 200; i++) {
                        String text = name + ", " + i;
                        assertThat(client.echo(text)).isEqualTo(text);
                      }
                    },
                    task -> Thread.startVirtualThread(task));
        CompletableFuture.allOf(
                IntStream.range(0, 64).mapToObj(caller).toArray(CompletableFuture[]::new))
            .get(50, TimeUnit.SECONDS);
        assertThat(client.lateReplies()).isZero();
      }
    }
  }

  @Test
  void aDeadlineEndsTheCallInterruptsItAndHoldsForTheCallsWithinIt() {
    try (LocalCluster cluster = LocalCluster.inJvm(1)) {
      WorkbenchPlace.start(cluster.node(1));
      WorkbenchPlace.start(cluster.node(1), "inner");
      try (var client = WorkbenchClient.connect(cluster.node(1));
          var inner =
              WorkbenchClient.connect(cluster.node(1), ClientOptions.standard().named("inner"))) {
        client.sleepAt("inner", Duration.ZERO); // warm
        Duration limit = Duration.ofMillis(500); // both calls have begun by then, on a busy machine too
        long start = System.nanoTime();
        Failures.assertFails(
            Status.DEADLINE_EXCEEDED,
            true,
            () -> client.withDeadline(limit).sleepAt("inner", Duration.ofSeconds(10)));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isBetween(limit, Duration.ofSeconds(2));
        assertThat(inner.wasInterrupted()).isTrue();
        assertThat(inner.timeLeft().orElseThrow()).isBetween(Duration.ofMillis(1), limit);
      }
    }
  }

  @Test
  void whatAServerThrowsReachesItsCallerAndItsStateIsUnharmed() {
    try (LocalCluster cluster = LocalCluster.inJvm(1)) {
      WorkbenchPlace.start(cluster.node(1));
      try (var client = WorkbenchClient.connect(cluster.node(1))) {
        client.add(3);
        assertThatThrownBy(() -> client.fail("the kettle is empty"))
            .isInstanceOfSatisfying(
                RpcException.class,
                e -> {
                  assertThat(e.status()).isEqualTo(Status.INTERNAL);
                  assertThat(e.thrown().orElseThrow().message()).isEqualTo("the kettle is empty");
                  assertThat(e.thrown().orElseThrow().stack())
                      .contains("at io.places.rpc.servers.Workbench.fail(Workbench.java:");
                });
        assertThatThrownBy(() -> client.take(5))
            .isInstanceOfSatisfying(
                RpcErrorException.class,
                e -> assertThat(e.error()).isEqualTo(new Workbench.TooMuch(5, 3)));
        assertThat(client.take(2)).isEqualTo(1);
      }
    }
  }
}
