package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.LaunchException;
import io.places.launch.Hosts;
import io.places.launch.Hosts.Host;
import io.places.launch.Launch;
import io.places.launch.LaunchedProcess;
import io.places.launch.Launcher;
import io.places.launch.NodeProcess;
import io.places.launch.ProcessLauncher;
import io.places.message.MessageType;
import io.places.place.AllowList;
import io.places.wire.ClusterKey;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes that are launched at once come up all together, or none stays. */
class LaunchesTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;

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

  /** All of them stand still before their first class is loaded, which looks like a very busy machine. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void oneThatIsKilledWhileAllComeUpIsToldAtOnceWithItsExitCodeAndTheOthersAreGivenUp() {
    var launching = CompletableFuture.supplyAsync(() -> node.launch(3, stopped()));
    while (started().size() < 3) {
      assertThat(launching).isNotDone();
      Thread.onSpinWait();
    }
    started().getFirst().destroyForcibly();

    // Much less than the 20 s that those have which are not killed.
    assertThatThrownBy(() -> launching.get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            LaunchException.class, e -> assertThat(e.exitCode()).hasValue(128 + 9))
        .hasMessageContaining("ended before it listened (signal 9)");
    assertNothingIsLeft();
  }

  @Test
  void theLimitIs20SecondsOrThatOfTheSystemProperty() {
    String property = "io.places.launch.limit";
    @Nullable String before = System.getProperty(property);
    try {
      System.clearProperty(property);
      assertThat(Launch.process().limit()).hasSeconds(20);
      System.setProperty(property, "7");
      assertThat(Launch.process().limit()).hasSeconds(7);
      assertThat(Launch.process().limit(Duration.ofSeconds(3)).limit()).hasSeconds(3);
      for (String odd : List.of("60s", "0", "-1", "")) {
        System.setProperty(property, odd);
        assertThatThrownBy(Launch::process)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("-Dio.places.launch.limit is a number of seconds, 1 or more, not '%s'".formatted(odd));
      }
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLimitOfLessThanASecondIsToldAsItIs() {
    assertThatThrownBy(() -> node.launch(stopped().limit(Duration.ofMillis(200))))
        .isInstanceOf(LaunchException.class)
        .hasMessageStartingWith("node node-1 did not listen within 0.2 s");
  }

  /** As on a busy machine. */
  static final class EndsLate {
    private EndsLate() {}

    public static void main(String[] arguments) throws InterruptedException {
      if (arguments[0].equals("listens")) {
        System.out.println(NodeProcess.READY + 1);
      }
      System.out.close();
      System.err.close();
      Thread.sleep(700);
      System.exit(3);
    }
  }

  @Test
  void theExitCodeOfAProcessIsToldThoughItEndsLaterThanItsStreams() {
    String main = EndsLate.class.getName();
    LaunchedProcess up = Launch.process().launch(new NodeProcess("listens", main, List.of()));
    assertThat(up.exitCode()).hasValue(3);
    assertThatThrownBy(() -> Launch.process().launch(new NodeProcess("does-not", main, List.of())))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("ended before it listened (exit code 3)");
  }

  /** Listens, ends each connection, and runs on. */
  static final class TalksToNobody {
    private TalksToNobody() {}

    public static void main(String[] arguments) throws IOException {
      try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
        System.out.println(NodeProcess.READY + server.getLocalPort());
        while (true) {
          server.accept().close();
        }
      }
    }
  }

  /** A busy machine is late by itself now and then: the best of some attempts counts. */
  @Test
  void aNodeThatListensAndDoesNotAnswerIsGivenUpWithinThreeSecondsThoughItsProcessRuns() {
    NodeProcess silent = new NodeProcess("silent", TalksToNobody.class.getName(), List.of());
    Duration took = Duration.ofSeconds(3);
    for (int attempt = 0; attempt < 3 && took.toSeconds() >= 3; attempt++) {
      AtomicLong listens = new AtomicLong();
      assertThatThrownBy(
              () ->
                  node.launch(
                      any -> {
                        LaunchedProcess process = Launch.process().launch(silent);
                        listens.set(System.nanoTime());
                        return process;
                      }))
          .isInstanceOf(LaunchException.class)
          .hasMessageMatching("(?s)node node-\\d was launched, but its process \\d+ still runs: .*");
      took = Duration.ofNanos(System.nanoTime() - listens.get());
    }
    assertThat(took).isLessThan(Duration.ofSeconds(3));
  }

  private ProcessLauncher stopped() {
    return Launch.process()
        .jvmOption("-XX:+UnlockDiagnosticVMOptions")
        .jvmOption("-XX:+PauseAtStartup")
        .jvmOption("-XX:PauseAtStartupFile=" + folder.resolve("stopped"));
  }

  private List<ProcessHandle> started() {
    return NodeProcesses.running().stream().filter(each -> !before.contains(each)).toList();
  }

  /** One that nobody launches any more does not even open a socket. */
  @Test
  void aNodeWhoseLauncherEndsWhileItStartsDoesNotStart() throws Exception {
    boolean began = true;
    for (int attempt = 0; attempt < 3 && began; attempt++) { // it may be quicker than its look at the launcher
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  NodeMain.class.getName(),
                  "orphan")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var configuration =
          new NodeConfiguration(
              "orphan",
              ClusterKey.random(new Random(1)),
              UUID.randomUUID(),
              new AllowList(List.of()),
              MessageType.LARGEST);
      try (var stdin = new PrintStream(process.getOutputStream(), false, StandardCharsets.UTF_8)) {
        configuration.lines().forEach(stdin::println);
        stdin.println(NodeProcess.END_OF_CONFIGURATION);
      }
      began = process.inputReader().lines().anyMatch(line -> line.startsWith(NodeProcess.READY));
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(began).isFalse();
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
