package io.places.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.InterruptKind;
import io.places.cluster.LocalCluster;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import io.places.rpc.sample.NoSuchTuple;
import io.places.rpc.sample.TupleServerClient;
import io.places.rpc.sample.TupleServerPlace;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EnumSource;

/** The tuple server of the dissertation, wherever it runs. */
@ParameterizedClass(name = "{0}")
@EnumSource
class TupleServerTest {
  enum Where {
    SAME_JVM,
    NODE_OF_THIS_JVM,
    NODE_PROCESS
  }

  private static LocalCluster cluster = LocalCluster.inJvm(1);

  @Parameter Where where = Where.SAME_JVM;

  private Place<?, ?> place;
  private TupleServerClient client;

  @BeforeParameterizedClassInvocation
  static void start(Where where) {
    cluster.close();
    cluster = where == Where.NODE_PROCESS ? LocalCluster.processes(1) : LocalCluster.inJvm(1);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    cluster.close();
  }

  @BeforeEach
  void startServer() {
    place = TupleServerPlace.start(at());
    client = TupleServerClient.connect(at());
  }

  private PlaceLocation at() {
    return where == Where.SAME_JVM ? cluster.node() : cluster.node(1);
  }

  @AfterEach
  void endServer() {
    client.close();
    place.interrupt(InterruptKind.TERMINATE);
    assertThat(place.join(Duration.ofSeconds(20))).isZero();
  }

  @Test
  void whatIsSetIsGot() {
    assertThat(client.set("user0", "100")).isEqualTo("100");
    assertThat(client.set("user2", "200")).isEqualTo("200");
    assertThat(client.get("user0")).contains("100");
    assertThat(client.get("user2")).contains("200");
    assertThat(client.get("user1")).isEmpty();
    client.hello();
    assertThat(client.size()).isEqualTo(2);
  }

  @Test
  void callsMayBeMadeWithoutWaiting() throws Exception {
    var set = client.setAsync("a", "1");
    var get = client.getAsync("a");
    assertThat(get.get(20, TimeUnit.SECONDS)).contains("1");
    assertThat(set.get(20, TimeUnit.SECONDS)).isEqualTo("1");
  }

  @Test
  void aDeclaredErrorArrivesTyped() {
    client.set("a", "1");
    client.remove("a");
    assertThatThrownBy(() -> client.remove("a"))
        .isInstanceOfSatisfying(
            RpcErrorException.class,
            e -> {
              assertThat(e.status()).isEqualTo(Status.REFUSED);
              assertThat(e.error()).isEqualTo(new NoSuchTuple("a", 0));
            });
  }
}
