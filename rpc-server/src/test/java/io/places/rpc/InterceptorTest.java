package io.places.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.node.Node;
import io.places.place.Spawn;
import io.places.rpc.Probe.Client;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What sees calls begin and end. */
class InterceptorTest {
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();

  /** Tells what it sees, and refuses some. */
  static final Interceptor AT_SERVER = recorder();

  private static Interceptor recorder() {
    return call -> {
      SEEN.add("%s %s %s %s".formatted(call.side(), call.method(), call.isCast(), call.metadata()));
      if (call.metadata().containsKey("forbidden")) {
        throw new RpcException(Status.FAILED_PRECONDITION, "not today");
      }
      return failure ->
          SEEN.add(
              "%s %s %s"
                  .formatted(
                      call.side(),
                      call.method(),
                      failure.map(e -> e.status().toString()).orElse("done")));
    };
  }

  @Test
  void bothSidesSeeEachCallBeginAndEndAndTheClientsMetadata() throws Exception {
    SEEN.clear();
    Probe.NOTED.drainPermits();
    try (Node node = Node.start()) {
      node.place(Spawn.named("probe"), Probe::watched);
      Interceptor adds =
          call -> {
            call.metadata().put("user", "ann");
            return Interceptor.Ended.NOTHING;
          };
      var counts = new CallCounts();
      try (Client client =
          Client.connect(node, ClientOptions.standard().interceptors(adds, recorder(), counts))) {
        assertThat(client.run("metadata")).isEqualTo("{user=ann}");
        assertThatThrownBy(() -> client.run("throw")).isInstanceOf(RpcException.class);
        assertThat(client.runAsync("echo", "x").get(20, TimeUnit.SECONDS)).isEqualTo("x");
        client.note("say", "y");
        assertThat(Probe.NOTED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.run("echo", "last")).isEqualTo("last");
      }
      String client = "CLIENT run false {user=ann}";
      String server = "SERVER run false {user=ann}";
      assertThat(SEEN)
          .startsWith(
              client, server, "SERVER run done", "CLIENT run done",
              client, server, "SERVER run INTERNAL", "CLIENT run INTERNAL")
          .containsSubsequence("CLIENT note true {user=ann}", "CLIENT note done")
          .containsSubsequence("SERVER note true {user=ann}", "SERVER note done");
      assertThat(counts.of("run").calls()).isEqualTo(4);
      assertThat(counts.of("run").failures()).isEqualTo(1);
      assertThat(counts.of("note").calls()).isEqualTo(1);
      assertThat(counts.of("run").slowest()).isPositive();
      assertThat(counts.of("never").calls()).isZero();
    }
  }

  @Test
  void anInterceptorOfEitherSideRefusesACall() {
    try (Node node = Node.start()) {
      node.place(Spawn.named("probe"), Probe::watched);
      Interceptor marks =
          call -> {
            call.metadata().put("forbidden", "yes");
            return Interceptor.Ended.NOTHING;
          };
      Interceptor refuses =
          call -> {
            throw new RpcException(Status.RESOURCE_EXHAUSTED, "enough");
          };
      try (Client marked = Client.connect(node, ClientOptions.standard().interceptors(marks));
          Client refused = Client.connect(node, ClientOptions.standard().interceptors(refuses))) {
        assertThatThrownBy(() -> marked.run("add"))
            .isInstanceOf(RpcException.class)
            .hasMessage("not today");
        assertThatThrownBy(() -> refused.run("add"))
            .isInstanceOf(RpcException.class)
            .hasMessage("enough");
      }
    }
  }

  @Test
  void aCallWhoseInterceptorFailsIsNotSentAndSaysWhy() {
    try (Node node = Node.start()) {
      Probe.start(node);
      assertInternal(
          node,
          call -> {
            throw new IllegalStateException("the log is full");
          },
          "failed before 'run' of server 'probe': the log is full");
      assertInternal(node, noEnd(), "answered null instead of Ended.NOTHING");
    }
  }

  @SuppressWarnings("NullAway") // as code without such checks has it
  private static Interceptor noEnd() {
    return call -> null;
  }

  private static void assertInternal(Node node, Interceptor interceptor, String words) {
    try (Client client =
        Client.connect(node, ClientOptions.standard().interceptors(interceptor))) {
      assertThatThrownBy(() -> client.run("add"))
          .isInstanceOfSatisfying(
              RpcException.class,
              e -> {
                assertThat(e.status()).isEqualTo(Status.INTERNAL);
                assertThat(e.mayHaveRun()).isFalse();
              })
          .hasMessageContaining(words);
    }
  }

  @Test
  void anInterceptorThatLogsMakesNoDifference() {
    try (Node node = Node.start()) {
      Probe.start(node);
      try (Client client =
          Client.connect(node, ClientOptions.standard().interceptors(new CallLog()))) {
        assertThat(client.run("echo", "x")).isEqualTo("x");
        assertThatThrownBy(() -> client.run("throw")).isInstanceOf(RpcException.class);
      }
    }
  }
}
