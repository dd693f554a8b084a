package io.places.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.cluster.LocalCluster;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import io.places.rpc.Probe.Client;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers learn when the server's process dies or freezes. */
class LossTest {
  private static final LocalCluster CLUSTER = LocalCluster.processes(1);

  @AfterAll
  static void close() {
    CLUSTER.close();
  }

  @BeforeEach
  void startServer() {
    CLUSTER.restart(1);
    Probe.start(CLUSTER.node(1));
  }

  /** The server has it, or it is on its way there. */
  private static CompletableFuture<String> underWay(Client client) {
    client.run("echo", "there");
    return client.runAsync("sleep", "25000");
  }

  private static Duration timeToFail(CompletableFuture<String> call, Duration limit) {
    long start = System.nanoTime();
    assertThatThrownBy(() -> call.get(limit.toMillis(), TimeUnit.MILLISECONDS))
        .isNotInstanceOf(TimeoutException.class)
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.status()).as(e.getMessage()).isEqualTo(Status.UNKNOWN_OUTCOME);
              assertThat(e.mayHaveRun()).isTrue();
            })
        .hasMessageContaining("node-1")
        .hasMessageContaining("epoch");
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @ParameterizedTest(name = "in a process: {0}")
  @ValueSource(booleans = {false, true})
  void threeFailuresAreToldApartInLessThanASecondEachAndTheNextCallWorks(boolean process) {
    PlaceLocation at = process ? CLUSTER.node(1) : CLUSTER.node();
    Place<?, ?> probe = process ? null : Probe.start(at);
    try (Client client = Client.connect(at)) {
      client.run("echo", "warm");
      assertFailsWithinASecond(Status.INTERNAL, () -> client.run("throw"));
      assertFailsWithinASecond(
          Status.NOT_FOUND, () -> Client.connect(at, ClientOptions.standard().named("prope")));
      assertFailsWithinASecond(
          Status.INVALID_ARGUMENT, () -> client.run("echo", "half a character: \ud800"));
      assertThat(client.run("echo", "next")).isEqualTo("next");
    } finally {
      if (probe != null) {
        probe.kill();
      }
    }
  }

  private static void assertFailsWithinASecond(Status status, ThrowingCallable call) {
    long start = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(status));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void aCallUnderWayFailsAtOnceWhenTheServersProcessIsKilled() {
    try (Client client = Client.connect(CLUSTER.node(1))) {
      CompletableFuture<String> call = underWay(client);
      CLUSTER.kill(1);
      Duration took = timeToFail(call, Duration.ofSeconds(20));
      System.out.printf("a call failed %d ms after its server was killed%n", took.toMillis());
      assertThat(took).isLessThan(Duration.ofSeconds(2));
      assertThatThrownBy(() -> client.run("echo"))
          .isInstanceOfSatisfying(
              RpcException.class,
              e -> {
                assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
                assertThat(e.mayHaveRun()).isFalse();
              });
    }
  }

  @Test
  void aCallToAFrozenProcessFailsWithinTheHeartbeatLimit() {
    try (Client client = Client.connect(CLUSTER.node(1))) {
      CompletableFuture<String> call = underWay(client);
      CLUSTER.pause(1);
      assertThat(timeToFail(call, Duration.ofSeconds(20))).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void theLateReplyOfAProcessThatFrozeForAWhileIsDroppedAndCounted() {
    try (Client client = Client.connect(CLUSTER.node(1))) {
      client.run("echo", "there");
      CompletableFuture<String> call =
          client.within(Duration.ofSeconds(2)).runAsync("sleep", "25000");
      CLUSTER.pause(1);
      assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              RpcException.class,
              e -> assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED));
      CLUSTER.resume(1);
      assertThat(client.run("echo", "awake")).isEqualTo("awake");
      assertThat(client.rpc().lateReplies()).isEqualTo(1);
    }
  }
}
