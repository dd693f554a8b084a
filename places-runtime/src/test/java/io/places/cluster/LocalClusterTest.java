package io.places.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.LaunchException;
import io.places.NodeLostException;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters on this machine. */
class LocalClusterTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static LocalCluster start(boolean processes) {
    return processes ? LocalCluster.processes(2) : LocalCluster.inJvm(2);
  }

  @ParameterizedTest(name = "in processes: {0}")
  @ValueSource(booleans = {true, false})
  void aKilledNodeIsLostAndItsSuccessorHasItsName(boolean processes) {
    try (LocalCluster cluster = start(processes)) {
      RemoteNode first = cluster.node(1);
      Place<String, String> echo = first.place(ClusterBodies::echo);
      assertThat(echo.ask("here", SOON)).isEqualTo("here");
      cluster.kill(1);
      assertThatThrownBy(() -> echo.get(SOON))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("node node-1 ");
      assertThat(cluster.nodes()).extracting(RemoteNode::isAlive).containsExactly(false, true);

      cluster.restart(1);
      assertThat(cluster.node(1)).isNotSameAs(first);
      Place<String, String> again = cluster.node(1).place(ClusterBodies::echo);
      assertThat(again.ask("back", SOON)).isEqualTo("back");
      assertThat(again.nodeName()).isEqualTo("node-1");
    }
  }

  @Test
  void aPausedNodeAnswersWhenItIsResumed() {
    try (LocalCluster cluster = LocalCluster.processes(1)) {
      Place<String, String> echo = cluster.node(1).place(ClusterBodies::echo);
      assertThat(echo.ask("before", SOON)).isEqualTo("before");
      cluster.pause(1);
      echo.put("meanwhile");
      assertThatThrownBy(() -> echo.get(Duration.ofMillis(300)))
          .hasMessageStartingWith("no message came from");
      cluster.resume(1);
      assertThat(echo.get(SOON)).isEqualTo("meanwhile");
      cluster.pause(1); // to be closed as it is
    }
  }

  @Test
  void aNodeOfThisJvmCannotBePausedAndHasNoLog() {
    try (LocalCluster cluster = LocalCluster.inJvm(1)) {
      assertThatThrownBy(() -> cluster.pause(1))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage(
              "node-1 runs in this JVM and cannot be paused or resumed alone: use a cluster of processes, LocalCluster.processes(1)");
      assertThatThrownBy(() -> cluster.log(1)).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> cluster.node(2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the cluster has the nodes 1 to 1, not 2");
    }
  }

  @Test
  void whatAProcessWritesGoesToItsLogWhichStaysInAGivenFolder(@TempDir Path folder)
      throws Exception {
    ClusterOptions options =
        ClusterOptions.processes(1)
            .allow("io.places.cluster")
            .jvmOptions("-Xmx64m", "-Xlog:gc+init")
            .logs(folder.resolve("logs"));
    try (LocalCluster cluster = LocalCluster.start(options)) {
      cluster.node(1).place(ClusterBodies::complains, "it rains").join(SOON);
    }
    assertThat(Files.readString(folder.resolve("logs/node-1.log")))
        .contains("Heap Max Capacity: 64M")
        .contains("it rains\n");
  }

  @Test
  void aTemporaryLogIsGoneWhenTheClusterIsClosed() {
    Path log;
    try (LocalCluster cluster = LocalCluster.processes(1)) {
      log = cluster.log(1);
      assertThat(log).exists();
    }
    assertThat(log.getParent()).doesNotExist();
  }

  @Test
  void aClusterThatDoesNotComeUpSaysWhy() {
    assertThatThrownBy(
            () ->
                LocalCluster.start(
                    ClusterOptions.processes(2).jvmOptions("-XX:NoSuchOption")))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("NoSuchOption");
    assertThatThrownBy(() -> LocalCluster.inJvm(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a cluster has 1 to 1000 nodes, not 0");
    assertThatThrownBy(() -> ClusterOptions.inJvm(1).jvmOptions("-Xmx1m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("they are for processes");
  }
}
