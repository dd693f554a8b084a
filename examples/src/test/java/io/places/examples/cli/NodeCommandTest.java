package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.channel.PlaceChannel;
import io.places.launch.HostAndPort;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code places node}, as somebody starts it for others. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class NodeCommandTest {
  private static final Pattern LISTENS = Pattern.compile("node far listens on (127\\.0\\.0\\.1:\\d+)");
  private static final int SIGNALLED = 128;
  private static final int INTERRUPT = 2;
  private static final int TERMINATE = 15;

  @TempDir private Path folder;

  @Test
  void othersUseItThroughTheSecretFileUntilItIsStopped() throws Exception {
    Path secret = folder.resolve("secret");
    // A class path of one's own makes a second JVM: signals must reach it.
    try (Run node =
        Run.start(
            folder, "node", "--name=far", "--secret-file=" + secret, "-cp", folder.toString())) {
      Run.waitUntil("the node listens", () -> LISTENS.matcher(node.out()).find());
      Matcher listens = LISTENS.matcher(node.out());
      assertThat(listens.find()).isTrue();
      long process = node.process().children().findFirst().orElseThrow().pid();
      Path hosts =
          Files.writeString(
              folder.resolve("hosts.yaml"),
              "secret-file: secret\nhosts:\n- {launcher: attach, address: '%s'}\n"
                  .formatted(listens.group(1)));

      for (int visit = 0; visit < 2; visit++) {
        Run hello = Run.toEnd(folder, "hello", "--hosts=" + hosts);
        assertThat(hello.exitCode()).as(hello.err()).isZero();
        assertThat(hello.out()).isEqualTo("hello from far on 127.0.0.1, process " + process + "\n");
      }

      Run ring = Run.toEnd(folder, "example", "ring", "--rounds=3", "--hosts=" + hosts);
      assertThat(ring.exitCode()).as(ring.err()).isZero();
      assertThat(ring.out()).endsWith("token: 0\n");
      Run qsort = Run.toEnd(folder, "qsort", "--generate=uniform,200000,7", "--hosts=" + hosts);
      assertThat(qsort.exitCode()).as(qsort.err()).isZero();

      ProcessHandle jvm = ProcessHandle.of(process).orElseThrow();
      boolean interruptible = !Run.ignoresInterrupts();
      Run.signal(interruptible ? "INT" : "TERM", node.process().pid());
      assertThat(node.exitCode()).isEqualTo(SIGNALLED + (interruptible ? INTERRUPT : TERMINATE));
      Run.waitUntil("the node's JVM has ended", () -> !jvm.isAlive());
      assertThat(node.err()).isEmpty();
    }
  }

  /** Keeps all memory that there is, and leaves others time to find that there is none. */
  static void eatsAllMemory(PlaceChannel<Void, Void> channel) {
    LockSupport.parkNanos(1); // later there is no memory to find this class
    Object eaten = "";
    while (true) {
      try {
        while (true) {
          eaten = new Object[] {eaten, new byte[100]};
        }
      } catch (OutOfMemoryError e) {
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  @Test
  void withoutMemoryForItsConnectionsItEndsWithExitCode3AndSaysSo() throws Exception {
    Path secret = folder.resolve("secret");
    try (Run node =
        Run.start(
            folder, Map.of("JDK_JAVA_OPTIONS", "-Xmx32m"), "node", "--name=far", "--secret-file=" + secret)) {
      Run.waitUntil("the node listens", () -> LISTENS.matcher(node.out()).find());
      Matcher listens = LISTENS.matcher(node.out());
      assertThat(listens.find()).isTrue();
      NodeOptions options =
          NodeOptions.standard().secretFile(secret).allow(NodeCommandTest.class.getPackageName());
      try (Node peer = Node.start(options)) {
        RemoteNode there = peer.connect(HostAndPort.parse(listens.group(1)));
        Place<Void, Void> eater = there.place(NodeCommandTest::eatsAllMemory);
        assertThat(node.exitCode()).isEqualTo(3);
        assertThat(node.err()).contains("out of memory: this node cannot go on, and its JVM ends");
        assertThatThrownBy(() -> eater.get(Duration.ofSeconds(20))).isInstanceOf(NodeLostException.class);
      }
    }
  }

  @Test
  void itListensOnAnIpv6AddressAndDoesNotOutliveACommandThatIsKilled() throws Exception {
    Path secret = folder.resolve("secret");
    try (Run node =
        Run.start(
            folder, "node", "--bind=[::1]:0", "--secret-file=" + secret, "-cp", folder.toString())) {
      Run.waitUntil("the node listens", () -> node.out().contains("listens on") || !node.err().isEmpty());
      assertThat(node.err()).isEmpty();
      String address = node.out().strip().replaceFirst("^node node listens on ", "");
      assertThat(HostAndPort.parse(address).getAddress().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
      try (Run looked = Run.toEnd(folder, "ps", "--node=" + address, "--secret-file=" + secret)) {
        assertThat(looked.out()).startsWith("node node, process ");
      }
      assertEndsWith(node);
    }
  }

  @Test
  void aProgramHasTheStandardInputAndDoesNotOutliveACommandThatIsKilled() throws Exception {
    try (Run run =
        Run.start(folder, "run", "-cp", folder.toString(), Repeater.class.getName(), "a", "-b")) {
      try (var in = run.process().outputWriter()) {
        in.write("hello\n");
        in.flush();
        Run.waitUntil("it has answered", () -> run.out().endsWith("\n") || !run.err().isEmpty());
        assertThat(run.out()).isEqualTo("hello [a, -b]\n");
        assertEndsWith(run);
      }
    }
  }

  /** A program that lasts. */
  static final class Repeater {
    private Repeater() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println(IO.readln() + " " + List.of(arguments));
      Thread.currentThread().join();
    }
  }

  private static void assertEndsWith(Run command) {
    ProcessHandle child = command.process().children().findFirst().orElseThrow();
    try {
      command.process().destroyForcibly();
      Run.waitUntil("the command's JVM has ended", () -> !child.isAlive());
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void anAddressThatOthersCanReachIsRefused() throws IOException {
    Run run =
        Run.toEnd(folder, "node", "--bind=0.0.0.0:0", "--secret-file=" + folder.resolve("secret"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("places node: cannot listen on ")
        .contains("beyond the loopback interface nodes need TLS")
        .contains("use 127.0.0.1");
    assertThat(folder.resolve("secret")).doesNotExist();
  }

  @Test
  void aSecretThatOthersCanReadIsRefused() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), new byte[32]);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));

    Run run = Run.toEnd(folder, "node", "--secret-file=" + secret);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("rw-r--r--", "chmod 600");
  }

  @Test
  void whatIsNoAddressIsWrongUse() throws IOException {
    Run run = Run.toEnd(folder, "node", "--bind=7000", "--secret-file=" + folder.resolve("secret"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'7000' is no address: it must be written as host:port");
  }
}
