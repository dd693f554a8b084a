package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
import io.places.launch.HostAndPort;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.node.SecretFile;
import io.places.place.Place;
import io.places.place.Spawn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code places ps}: of a node that runs, and of what is none. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class PsCommandTest {
  private static final Pattern LISTENS = Pattern.compile("node far listens on (127\\.0\\.0\\.1:\\d+)");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  @TempDir private Path folder;
  private Path secret;

  @BeforeEach
  void makeSecret() {
    secret = folder.resolve("secret");
    SecretFile.makeIfMissing(secret);
  }

  /** Answers each client's first word, and reads no other. */
  static void monosyllabic(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    List<PlaceChannel<String, String>> served = new ArrayList<>(); // an end that nobody has any more may be closed
    while (true) {
      served.add(clients.get());
      served.getLast().put(served.getLast().get());
    }
  }

  /** {@code places node}, and where it listens. */
  private record Far(Run run, String address) implements AutoCloseable {
    static Far start(Path folder, Path secret) throws IOException {
      Run run = Run.start(folder, "node", "--name=far", "--secret-file=" + secret);
      Run.waitUntil("the node listens", () -> LISTENS.matcher(run.out()).find());
      Matcher listens = LISTENS.matcher(run.out());
      assertThat(listens.find()).isTrue();
      return new Far(run, listens.group(1));
    }

    @Override
    public void close() {
      run.close();
    }
  }

  private Run ps(String address) throws IOException {
    return Run.toEnd(folder, "ps", "--node=" + address, "--secret-file=" + secret);
  }

  /** What {@code places ps} in this process answers, which saves a JVM where no node is started. */
  private record Here(int exitCode, String out, String err) {
    static Here ps(String address, Path secret) {
      var out = new StringWriter();
      var err = new StringWriter();
      int code =
          PlacesCommand.commandLine()
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true))
              .execute("ps", "--node=" + address, "--secret-file=" + secret);
      return new Here(code, out.toString(), err.toString());
    }
  }

  @Test
  void itShowsWhatTheNodeDoesAndDisturbsNothing() throws IOException {
    try (Far far = Far.start(folder, secret);
        Node node = Node.start(NodeOptions.standard().secretFile(secret).allow("io.places.examples"))) {
      RemoteNode there = node.connect(HostAndPort.parse(far.address()));
      Place<?, ?> place = there.place(Spawn.named("curt"), PsCommandTest::monosyllabic);
      PlaceChannel<String, String> client = there.named("curt", String.class, String.class);
      assertThat(client.ask("hello", SOON)).isEqualTo("hello");
      List.of("one", "two", "three").forEach(client::put);
      Run.waitUntil(
          "they have arrived",
          () -> there.status().channels().rows().getFirst().unreadMessages() == 3);

      for (int visit = 0; visit < 2; visit++) {
        Run ps = ps(far.address());

        assertThat(ps.err()).isEmpty();
        assertThat(ps.exitCode()).isZero();
        assertThat(ps.out())
            .startsWith("node far, process %d, up ".formatted(far.run().process().pid()))
            .matches(
                Pattern.compile(
                    """
                    node far, process \\d+, up [0-9smin ]+

                    places: 1
                      PLACE  BODY +ISOLATION  UP
                      curt   io\\.places\\.examples\\.cli\\.PsCommandTest::monosyllabic  THREAD     [0-9smin ]+

                    named places: 1
                      NAME  EPOCH +CLIENTS  WAITING
                      curt  \\d+ +1        0

                    ends of channels: 5
                      TO +NODE  UNREAD  UNREAD BYTES  UNSENT BYTES
                      a client, on node main, of place curt +main  3 +\\d+ +0
                    (?:  .+ (?:main|far) +0 +0 +0
                    ){4}
                    connections: 2
                      NODE  ADDRESS +OPENED  UP +CHANNELS  UNSENT  IN FLIGHT  UNREAD
                      main  127\\.0\\.0\\.1:\\d+ +there   [0-9smin ]+ +3 +0 +\\d+ +\\d+
                      ps    127\\.0\\.0\\.1:\\d+ +there   \\d+ s +0 +\\d+ +\\d+ +0
                    """));
      }

      assertThat(far.run().process().isAlive()).isTrue();
      assertThat(there.names()).containsExactly("curt");
      assertThat(client.poll()).isEmpty(); // an end that nobody uses any more may be closed
      place.kill();
      assertThat(ps(far.address()).out()).contains("\nplaces: 0\n", "\nnamed places: 0\n");
      assertThat(far.run().err()).isEmpty();
    }
  }

  @Test
  void aLongListSaysHowMuchWasLeftOff() throws IOException {
    try (Far far = Far.start(folder, secret);
        Node node = Node.start(NodeOptions.standard().secretFile(secret).allow("io.places.examples"))) {
      RemoteNode there = node.connect(HostAndPort.parse(far.address()));
      int count = 500;
      for (int i = 0; i < count; i++) {
        there.place(Spawn.named("place-%d-%s".formatted(i, "x".repeat(50))), PsCommandTest::monosyllabic);
      }

      String out = ps(far.address()).out();

      assertThat(out).contains("\nplaces: 500\n", "\nnamed places: 500\n", "\nends of channels: 2000\n");
      Matcher more = Pattern.compile("  and (\\d+) more").matcher(out);
      assertThat(more.results().mapToInt(result -> Integer.parseInt(result.group(1))).sum())
          .isBetween(2_000, 3_000 - 500);
      assertThat(out.lines().filter(line -> line.startsWith("  "))).hasSizeGreaterThan(500);
    }
  }

  @Test
  void anotherSecretIsRefused() throws IOException {
    try (Far far = Far.start(folder, secret)) {
      Path other = folder.resolve("other");
      SecretFile.makeIfMissing(other);

      Run ps = Run.toEnd(folder, "ps", "--node=" + far.address(), "--secret-file=" + other);

      assertThat(ps.exitCode()).isEqualTo(FAILED);
      assertThat(ps.out()).isEmpty();
      assertThat(ps.err())
          .isEqualTo(
              "places ps: cannot look at the node at %s with the secret of %s: the handshake with the node at /%s failed: the connection was closed here: the peer belongs to another cluster; does it belong to this cluster?%n"
                  .formatted(far.address(), other, far.address()));
    }
  }

  @Test
  void whereNobodyListensIsTold() throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    Run ps = ps("127.0.0.1:" + port);

    assertThat(ps.exitCode()).isEqualTo(FAILED);
    assertThat(ps.err())
        .isEqualTo(
            "places ps: cannot look at the node at 127.0.0.1:%d with the secret of %s: no node can be reached: cannot connect to /127.0.0.1:%d: Connection refused%n"
                .formatted(port, secret, port));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT) // it waits for seconds
  void aNodeThatIsStoppedIsGivenUpInSeconds() throws Exception {
    try (Far far = Far.start(folder, secret)) {
      Run.signal("STOP", far.run().process().pid());

      Run ps = ps(far.address());

      assertThat(ps.exitCode()).isEqualTo(FAILED);
      assertThat(ps.err())
          .isEqualTo(
              "places ps: cannot look at the node at %s with the secret of %s: the node at /%s did not answer within 4000 ms: what listens there is something else, or stands still%n"
                  .formatted(far.address(), secret, far.address()));
    }
  }

  @Test
  void whatSpeaksAnotherProtocolIsTold() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                while (true) {
                  try (Socket visitor = server.accept()) {
                    visitor.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n".repeat(4).getBytes(StandardCharsets.US_ASCII));
                    visitor.getInputStream().readAllBytes();
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      String address = "127.0.0.1:" + server.getLocalPort();

      Run ps = ps(address);

      assertThat(ps.exitCode()).isEqualTo(FAILED);
      assertThat(ps.err())
          .isEqualTo(
              "places ps: cannot look at the node at %s with the secret of %s: the handshake with the node at /%s failed: the connection was closed here: the peer does not speak the protocol of places; does it belong to this cluster?%n"
                  .formatted(address, secret, address));
    }
  }

  @Test
  void aSecretThatOthersCanReadIsRefused() throws IOException {
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));

    Here ps = Here.ps("127.0.0.1:1", secret);

    assertThat(ps.exitCode()).isEqualTo(FAILED);
    assertThat(ps.err())
        .isEqualTo(
            "places ps: the secret file %s has the permissions rw-r-----, so others can get at it; 'chmod 600 %s' closes it, but the secret may be known by now%n"
                .formatted(secret, secret));
  }

  @Test
  void aSecretThatIsMissingIsNotMade() {
    Path none = folder.resolve("none");

    Here ps = Here.ps("127.0.0.1:1", none);

    assertThat(ps.exitCode()).isEqualTo(FAILED);
    assertThat(ps.err())
        .isEqualTo(
            "places ps: there is no secret file %s; 'places node' makes it where it starts a node%n"
                .formatted(none));
    assertThat(none).doesNotExist();
  }

  @Test
  void anAddressBeyondThisMachineIsWrongUse() {
    Here ps = Here.ps("192.0.2.1:7000", secret);

    assertThat(ps.exitCode()).isEqualTo(WRONG_USE);
    assertThat(ps.err())
        .isEqualTo(
            "places ps: cannot connect to /192.0.2.1:7000: beyond the loopback interface nodes need TLS, which this version does not have; use 127.0.0.1 (see places ps --help)%n"
                .formatted());
  }
}
