package io.places.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.cluster.LocalCluster;
import io.places.rpc.Probe.Client;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
          client.within(Duration.ofMillis(500)).runAsync("sleep", "25000");
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
