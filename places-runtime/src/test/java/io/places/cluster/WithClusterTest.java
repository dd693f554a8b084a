package io.places.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.places.place.Place;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Clusters as parameters of tests: JUnit runs the classes below. */
class WithClusterTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<LocalCluster> SEEN = new CopyOnWriteArrayList<>();

  @WithCluster(processes = 1)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Sharing {
    @BeforeEach
    void see(LocalCluster cluster) {
      SEEN.add(cluster);
    }

    @Test
    @Order(1)
    void kills(LocalCluster cluster) {
      cluster.kill(1);
    }

    @Test
    @Order(2)
    void findsItAliveAndPauses(LocalCluster cluster) {
      cluster.node(1).place(ClusterBodies::complains, "the roof leaks").join(SOON);
      cluster.pause(1);
    }

    @Test
    @Order(3)
    void findsItAwakeAndFails(LocalCluster cluster) {
      Place<String, String> echo = cluster.node(1).place(ClusterBodies::echo);
      assertThat(echo.ask("question", SOON)).isEqualTo("another answer");
    }

    @Test
    @Order(4)
    @WithCluster(inJvm = 3)
    void hasItsOwn(LocalCluster cluster) {
      assertThat(cluster.nodes()).hasSize(3);
    }
  }

  static class Alone {
    @RepeatedTest(2)
    @WithCluster(inJvm = 1)
    void hasAClusterForEachRun(LocalCluster cluster) {
      SEEN.add(cluster);
    }

    @Test
    @WithCluster
    void saysNotWhatItNeeds(LocalCluster cluster) {
      SEEN.add(cluster);
    }
  }

  @Test
  void testsShareAClusterThatEachFindsWholeAndAFailureShowsTheLogs() {
    SEEN.clear();
    var err = new ByteArrayOutputStream();
    PrintStream own = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    TestExecutionSummary summary;
    try {
      summary = run(Sharing.class);
    } finally {
      System.setErr(own);
    }
    assertThat(summary.getFailures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.getException()).hasMessageContaining("another answer"));
    assertThat(summary.getTestsSucceededCount()).isEqualTo(3);
    assertThat(SEEN.get(0)).isSameAs(SEEN.get(1)).isSameAs(SEEN.get(2)).isNotSameAs(SEEN.get(3));
    assertThat(SEEN).allMatch(cluster -> cluster.nodes().stream().noneMatch(node -> node.isAlive()));
    String shown = err.toString(StandardCharsets.UTF_8);
    assertThat(shown.lines())
        .contains("findsItAwakeAndFails(LocalCluster) failed; its cluster:", "  the roof leaks");
    File log = SEEN.getFirst().log(1).toFile();
    assertThat(log).exists(); // kept, for its reader
    assertThat(log.delete() && log.getParentFile().delete()).isTrue();
  }

  @Test
  void eachRunOfARepeatedTestHasItsOwnAndAnEmptyWishIsRefused() {
    SEEN.clear();
    TestExecutionSummary summary = run(Alone.class);
    assertThat(SEEN).hasSize(2);
    assertThat(SEEN.get(0)).isNotSameAs(SEEN.get(1));
    assertThat(summary.getFailures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.getException())
                    .hasMessageContaining(
                        "needs either processes or inJvm to be 1 or more, but they are 0 and 0"));
  }

  private static TestExecutionSummary run(Class<?> tests) {
    var listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            listener);
    return listener.getSummary();
  }
}
