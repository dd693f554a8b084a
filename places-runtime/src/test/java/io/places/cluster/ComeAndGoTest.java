package io.places.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.launch.Launch;
import io.places.launch.ProcessLauncher;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a node when others leave, or it is told to. */
class ComeAndGoTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  @WithCluster(processes = 2)
  void aNodeEndsWithItsOwnerAndAfterASigtermAndWhenAPlaceExitsTheJvm(
      LocalCluster cluster) throws Exception {
    Place<Void, Long> owner = cluster.node(1).place(ComeAndGoBodies::owns);
    ProcessHandle orphan = ProcessHandle.of(owner.get(SOON)).orElseThrow();
    cluster.kill(1);
    orphan.onExit().get(10, TimeUnit.SECONDS);

    RemoteNode told = cluster.node(2);
    Place<Void, String> obedient = told.place(ComeAndGoBodies::obeys);
    assertThat(obedient.get(SOON)).isEqualTo("here");
    ProcessHandle process = ProcessHandle.of(told.processId()).orElseThrow();
    assertThat(process.destroy()).isTrue(); // SIGTERM
    assertThat(obedient.get(SOON)).isEqualTo("told to end by TERMINATE");
    assertThat(obedient.join(SOON)).isEqualTo(5);
    assertThat(told.awaitLoss())
        .isInstanceOf(NodeLostException.class)
        .hasMessageContaining("was closed by the peer on purpose");
    process.onExit().get(10, TimeUnit.SECONDS);

    RemoteNode third = cluster.restart(2);
    third.place(ComeAndGoBodies::exitsTheJvm);
    assertThat(third.awaitLoss()).hasMessageContaining("ended with exit code 7");
  }

  @Test
  void aNodesLogIsThereWhenItIsReadyAndItEndsWithin5SecondsOfItsParentsClose(@TempDir Path folder)
      throws Exception {
    ProcessHandle process;
    long start;
    try (Node parent = Node.start()) {
      RemoteNode child =
          parent.launch(Launch.process().logs(folder).jvmOption("-Xlog:gc+init"));
      assertThat(Files.readString(ProcessLauncher.logFile(folder, child.name())))
          .contains("Heap Max Capacity");
      Place<Void, String> silent = child.place(ComeAndGoBodies::obeys);
      assertThat(silent.get(SOON)).isEqualTo("here");
      process = ProcessHandle.of(child.processId()).orElseThrow();
      start = System.nanoTime();
    }
    process.onExit().get(10, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  private static LocalCluster start(boolean processes, int nodes) {
    return processes ? LocalCluster.processes(nodes) : LocalCluster.inJvm(nodes);
  }

  @ParameterizedTest(name = "in processes: {0}")
  @ValueSource(booleans = {true, false})
  void aPeerThatLeavesChangesNothingForTheOthers(boolean processes) {
    try (LocalCluster cluster = start(processes, 2)) {
      letAPeerVisitAndLeave(cluster);
    }
  }

  private static void letAPeerVisitAndLeave(LocalCluster cluster) {
    RemoteNode visited = cluster.node(1);
    visited.place(Spawn.named("shouting"), ComeAndGoBodies::shouting);
    Place<Integer, String> visitor = cluster.node(2).place(ComeAndGoBodies::visits);
    visitor.put(visited.address().getPort());
    assertThat(visitor.get(SOON)).isEqualTo("HELLO");
    assertThat(visitor.join(SOON)).isZero();
    assertThat(visited.isAlive()).isTrue();
    assertThat(visited.named("shouting", String.class, String.class).ask("still here", SOON))
        .isEqualTo("STILL HERE");

    cluster.node().place(Spawn.named("shouting"), ComeAndGoBodies::shouting);
    Place<Integer, String> child = visited.place(ComeAndGoBodies::visits);
    child.put(cluster.node().address().getPort());
    assertThat(child.get(SOON)).isEqualTo("HELLO");
    assertThat(child.join(SOON)).as("a visit to the owner ends like any other").isZero();
    assertThat(visited.named("shouting", String.class, String.class).ask("and here", SOON))
        .isEqualTo("AND HERE");
  }

  @ParameterizedTest(name = "in processes: {0}")
  @ValueSource(booleans = {true, false})
  void aNodeThatIsDrainedFinishesItsWorkFirst(boolean processes) throws Exception {
    try (LocalCluster cluster = start(processes, 2)) {
      drainWhileItWorks(cluster);
    }
  }

  private static void drainWhileItWorks(LocalCluster cluster) throws Exception {
    RemoteNode node = cluster.node(1);
    Place<Void, String> working = node.place(ComeAndGoBodies::works);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> node.close(SOON));
    assertThatThrownBy(
            () -> {
              while (true) { // until it has heard that it is to be closed
                node.place(ComeAndGoBodies::visits).close();
              }
            })
        .isInstanceOf(PlacesException.class)
        .hasMessageMatching("(?s).*(node node-1 is being closed|was lost).*");
    closing.get(20, TimeUnit.SECONDS);
    assertThat(working.join(SOON)).isZero();
    for (int i = 0; i < 10; i++) {
      assertThat(working.get(SOON)).isEqualTo("word " + i);
    }
    assertThat(node.isAlive()).isFalse();
  }

  @ParameterizedTest(name = "in processes: {0}")
  @ValueSource(booleans = {true, false})
  void aPlaceThatDoesNotEndInTimeDoesNotHoldUpItsNode(boolean processes) {
    try (LocalCluster cluster = start(processes, 1)) {
      RemoteNode node = cluster.node(1);
      Place<Void, String> silent = node.place(ComeAndGoBodies::obeys);
      assertThat(silent.get(SOON)).isEqualTo("here");
      node.close(Duration.ofMillis(100));
      assertThat(node.isAlive()).isFalse();
      assertThatThrownBy(() -> silent.join(SOON)).isInstanceOf(NodeLostException.class);
    }
  }
}
