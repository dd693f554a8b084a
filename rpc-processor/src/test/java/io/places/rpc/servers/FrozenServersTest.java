package io.places.rpc.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.cluster.LocalCluster;
import io.places.rpc.RpcException;
import io.places.rpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a generated client tells of a server that stands still. The tests wait, most of the time: so they do it together. */
class FrozenServersTest {
  private static final Duration LONG = Duration.ofSeconds(25);

  @Test
  @Execution(ExecutionMode.CONCURRENT) // beside the other
  void aCallToAFrozenServerFailsWithinTheHeartbeatLimitAndNothingMoreIsHeardOfIt() throws Exception {
    try (LocalCluster cluster = LocalCluster.processes(1)) {
      WorkbenchPlace.start(cluster.node(1));
      ProcessHandle process = ProcessHandle.of(cluster.node(1).processId()).orElseThrow();
      try (var client = WorkbenchClient.connect(cluster.node(1))) {
        client.echo("there");
        // Long enough to be under way when the server freezes, and over when it is seen to be frozen.
        CompletableFuture<?> call = client.sleepAsync(Duration.ofSeconds(5));
        cluster.pause(1);
        long start = System.nanoTime();
        RpcException failure = Failures.failureOf(call);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(failure.status()).isEqualTo(Status.UNKNOWN_OUTCOME);

        cluster.resume(1); // its connections are closed, and with them the way of its reply

        process.onExit().get(20, TimeUnit.SECONDS);
        assertThat(call.exceptionNow()).isSameAs(failure);
        assertThat(client.lateReplies()).isZero();
        Failures.assertFails(Status.UNAVAILABLE, false, () -> client.echo("gone"));
      }
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT) // beside the other
  void theReplyOfAServerThatFrozeForAMomentComesTooLateAndIsCounted() {
    try (LocalCluster cluster = LocalCluster.processes(1)) {
      WorkbenchPlace.start(cluster.node(1));
      try (var client = WorkbenchClient.connect(cluster.node(1))) {
        client.echo("there");
        CompletableFuture<?> call =
            client.withDeadline(Duration.ofSeconds(2)).sleepAsync(LONG);
        cluster.pause(1);
        assertThat(Failures.failureOf(call).status()).isEqualTo(Status.DEADLINE_EXCEEDED);
        cluster.resume(1);
        assertThat(client.echo("awake")).isEqualTo("awake");
        assertThat(client.lateReplies()).isEqualTo(1);
      }
    }
  }
}
