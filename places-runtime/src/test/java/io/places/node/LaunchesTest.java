package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.LaunchException;
import io.places.launch.Hosts;
import io.places.launch.Hosts.Host;
import io.places.launch.Launch;
import io.places.launch.LaunchedProcess;
import io.places.launch.Launcher;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several nodes that are launched at once come up all together, or none stays. */
class LaunchesTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Node node;
  private final Set<ProcessHandle> before = new HashSet<>();

  @BeforeEach
  void start() {
    before.addAll(NodeProcesses.running());
    node = Node.start();
  }

  @AfterEach
  void close() {
    node.close();
  }

  /** Its JVM does not start, which is known before the others are up. */
  @Test
  void oneOfThreeThatDoesNotComeUpIsNamedAndNoProcessIsLeft() {
    Launcher bad = Launch.process().jvmOption("-XX:NoSuchOption");
    var hosts =
        new Hosts(List.of(new Host("good", 2, Launch.process()), new Host("bad", 1, bad)), null);
    assertThatThrownBy(() -> node.launch(hosts))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("node node-2 ended before it listened")
        .hasMessageContaining("NoSuchOption");
    assertNothingIsLeft();
  }

  /** The one fails when the others are up. */
  @Test
  void thoseThatAreUpEndWhenALauncherFailsInItsOwnWay() {
    var up = new CountDownLatch(2);
    var processes = new ConcurrentLinkedQueue<ProcessHandle>();
    Launcher counted =
        process -> {
          LaunchedProcess launched = Launch.process().launch(process);
          processes.add(ProcessHandle.of(launched.processId()).orElseThrow());
          up.countDown();
          return launched;
        };
    Launcher failing =
        process -> {
          try {
            assertThat(up.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          throw new IllegalArgumentException("no such rack");
        };
    var hosts = new Hosts(List.of(new Host("good", 2, counted), new Host("bad", 1, failing)), null);
    assertThatThrownBy(() -> node.launch(hosts))
        .isInstanceOf(LaunchException.class)
        .hasMessage("node node-2 cannot be launched: java.lang.IllegalArgumentException: no such rack");
    assertThat(processes).hasSize(2).noneMatch(ProcessHandle::isAlive);
    assertNothingIsLeft();
  }

  /** Of a process that was just killed something may be left for a moment. */
  private void assertNothingIsLeft() {
    long start = System.nanoTime();
    while (!before.containsAll(NodeProcesses.running())
        || !node.status().connections().rows().isEmpty()) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
      Thread.onSpinWait();
    }
  }
}
