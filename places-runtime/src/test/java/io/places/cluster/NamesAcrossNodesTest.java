package io.places.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NamedPlaceNotFoundException;
import io.places.PlaceAlreadyExistsException;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.Spawn;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A named place on one node, and its clients on others. */
@ParameterizedClass(name = "in processes: {0}")
@ValueSource(booleans = {false, true})
class NamesAcrossNodesTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private static LocalCluster cluster = LocalCluster.inJvm(1);

  private Place<?, ?> sum;

  @Parameter boolean processes;

  @BeforeParameterizedClassInvocation
  static void start(boolean processes) {
    cluster.close();
    cluster = processes ? LocalCluster.processes(3) : LocalCluster.inJvm(3);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    cluster.close();
  }

  @BeforeEach
  void startThePlace() {
    sum = cluster.node(1).place(Spawn.named("sum"), NamesAcrossNodesBodies::sum);
  }

  @AfterEach
  void endThePlace() {
    sum.kill();
  }

  /** A place on another node than the named one, which is a client of it. */
  private Place<Integer, String> client(int on) {
    int port = cluster.node(1).address().getPort();
    return cluster.node(on).place(NamesAcrossNodesBodies::adds, port);
  }

  @Test
  void clientsOnDifferentNodesReachTheSameStateAndAnUnknownNameIsToldAtOnce() {
    RemoteNode node = cluster.node(1);
    Place<Integer, String> second = client(2);
    Place<Integer, String> third = client(3);
    assertThat(second.ask(5, SOON)).isEqualTo("5");
    assertThat(third.ask(7, SOON)).isEqualTo("12");
    assertThat(second.ask(1, SOON)).isEqualTo("13");

    long start = System.nanoTime();
    assertThatThrownBy(() -> node.named("product", Integer.class, Integer.class))
        .isInstanceOf(NamedPlaceNotFoundException.class)
        .hasMessage("no place named 'product' on node node-1; it has: sum");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
    assertThat(third.ask(2, SOON)).isEqualTo("15");
  }

  @Test
  void whoWantsANameThatIsTakenIsRefusedAndItsHolderGoesOnForOldClientsAndNew() {
    Place<Integer, String> old = client(2);
    assertThat(old.ask(5, SOON)).isEqualTo("5");

    assertThatThrownBy(
            () -> cluster.node(1).place(Spawn.named("sum"), NamesAcrossNodesBodies::sum))
        .isInstanceOf(PlaceAlreadyExistsException.class)
        .hasMessageContaining("node node-1 has a place named 'sum' already");
    int port = cluster.node(1).address().getPort();
    Place<Void, String> claims = cluster.node(3).place(NamesAcrossNodesBodies::claims, port);
    assertThat(claims.get(SOON)).contains("node node-1 has a place named 'sum' already");

    assertThat(cluster.node(1).names()).containsExactly("sum");
    assertThat(old.ask(7, SOON)).isEqualTo("12");
    assertThat(client(3).ask(1, SOON)).isEqualTo("13");
  }
}
