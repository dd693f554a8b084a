package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.launch.HostAndPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code places node}, as somebody starts it for others. */
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
