package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.LaunchException;
import io.places.PlacesException;
import io.places.launch.FailedLaunch;
import io.places.launch.Hosts;
import io.places.launch.Launch;
import io.places.place.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that somebody started, and the file by which others come to know their secret. */
class AttachTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private Path secret;

  @BeforeEach
  void nameTheFile() {
    secret = folder.resolve("secret");
  }

  @Test
  void aNodeThatWasAttachedToIsUsedAndLeftRunning() {
    SecretFile.makeIfMissing(secret);
    try (Node server = Node.start(options().name("server"))) {
      for (int visit = 0; visit < 2; visit++) {
        try (Node client = Node.start(options().name("client"))) {
          RemoteNode attached = client.launch(Launch.attach(server.address()));
          Place<String, String> echo = attached.place(Bodies::echo);
          echo.put("hello");
          assertThat(echo.get(SOON)).isEqualTo("hello");
          assertThat(attached.name()).isEqualTo("server");
          assertThatThrownBy(attached::processId).hasMessageContaining("attached, not launched");
        }
      }
    }
  }

  @Test
  void whatWasStartedOnAnAttachedNodeFinishesItsWorkBeforeTheNodeIsLeft() {
    SecretFile.makeIfMissing(secret);
    try (Node server = Node.start(options().name("server"));
        Node client = Node.start(options().name("client"))) {
      RemoteNode attached = client.launch(Launch.attach(server.address()));
      Place<Void, String> working = attached.place(Bodies::worksAWhile);
      attached.close(ChronoUnit.FOREVER.getDuration());
      assertThat(working.join(SOON)).isZero();
      assertThat(working.get(SOON)).isEqualTo("done");
      assertThat(OneConnectionTest.awaitConnections(client, 0)).isZero();

      working = client.launch(Launch.attach(server.address())).place(Bodies::worksAWhile);
      client.close(SOON);
      assertThat(working.join(SOON)).isZero();
      assertThat(working.get(SOON)).isEqualTo("done");
    }
  }

  @Test
  void whoLeavesAnAttachedNodeLeavesTheOthersOfItsConnectionAlone() {
    SecretFile.makeIfMissing(secret);
    try (Node server = Node.start(options().name("server"));
        Node client = Node.start(options().name("client"))) {
      RemoteNode attached = client.launch(Launch.attach(server.address()));
      RemoteNode killed = client.launch("again", Launch.attach(server.address()));
      RemoteNode connected = client.connect(server.address());
      Place<String, String> echo = connected.place(Bodies::echo);
      attached.close();
      killed.kill();
      assertThat(echo.ask("still here", SOON)).isEqualTo("still here");
      connected.close();
      assertThat(OneConnectionTest.awaitConnections(client, 0)).isZero();
    }
  }

  @Test
  void attachedNodesOfAHostsFileBringTheirSecret() throws Exception {
    SecretFile.makeIfMissing(secret);
    try (Node server = Node.start(options().name("server"))) {
      Path file =
          Files.writeString(
              folder.resolve("hosts.yaml"),
              """
              hosts:
                - launcher: attach
                  address: 127.0.0.1:%d
              secret-file: secret
              """
                  .formatted(server.address().getPort()));
      Hosts hosts = Hosts.read(file);
      try (Node client = Node.start(NodeOptions.standard().hosts(hosts).allow("io.places.node"))) {
        List<RemoteNode> nodes = client.launch(hosts);
        assertThat(nodes).extracting(RemoteNode::name).containsExactly("server");
      }
      try (Node stranger = Node.start()) {
        FailedLaunch.assertFails(
            () -> stranger.launch(hosts),
            "cannot attach to the node at ",
            "does it belong to this cluster?",
            "node main was not started with the secret in " + secret,
            "NodeOptions.standard().hosts(hosts) takes it");
      }
    }
  }

  @Test
  void anAddressAtWhichNobodyListensIsToldAtOnce() throws Exception {
    InetSocketAddress closed;
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }
    SecretFile.makeIfMissing(secret);
    try (Node client = Node.start(options())) {
      FailedLaunch.assertFails(
          () -> client.launch(Launch.attach(closed)),
          "cannot attach to the node at localhost: no node can be reached: cannot connect to localhost/127.0.0.1:%d: Connection refused"
              .formatted(closed.getPort()));
    }
  }

  @Test
  void whateverTakesTheConnectionAndSaysNothingIsGivenUpAfter5Seconds() throws Exception {
    SecretFile.makeIfMissing(secret);
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Node client = Node.start(options())) {
      var address = new InetSocketAddress(silent.getInetAddress(), silent.getLocalPort());
      long start = System.nanoTime();
      assertThatThrownBy(() -> client.launch(Launch.attach(address)))
          .isInstanceOf(LaunchException.class)
          .hasMessage(
              "cannot attach to the node at localhost: the node at localhost/127.0.0.1:%d did not answer within 5000 ms: what listens there is something else, or stands still",
              address.getPort());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void aNodeOfAnotherVersionIsRefusedAndBothVersionsAreNamed() throws Exception {
    SecretFile.makeIfMissing(secret);
    try (var later = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Node client = Node.start(options())) {
      Thread.startVirtualThread(() -> answerInVersion9(later));
      FailedLaunch.assertFails(
          () -> client.launch(Launch.attach(new InetSocketAddress(later.getInetAddress(), later.getLocalPort()))),
          "cannot attach to the node at ",
          "the peer speaks version 9 of the protocol, this node version 1",
          "run the same version on all nodes");
    }
  }

  private static void answerInVersion9(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        byte[] preface = socket.getInputStream().readNBytes(80);
        preface[5] = 9;
        socket.getOutputStream().write(preface);
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        // it was closed there
      }
    }
  }

  @Test
  void aSecretFileIsForItsOwnerOnlyAndMadeOnce() throws Exception {
    SecretFile.makeIfMissing(secret);
    byte[] first = Files.readAllBytes(secret);
    SecretFile.makeIfMissing(secret);

    assertThat(Files.readAllBytes(secret)).isEqualTo(first).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(secret);
    }
  }

  @Test
  void manyThatMakeItAtOnceFindTheSameSecret() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<String> make =
          () -> {
            SecretFile.makeIfMissing(secret);
            return SecretFile.read(secret).expose();
          };
      var exposed = threads.invokeAll(List.of(make, make, make, make, make, make, make, make));
      assertThat(exposed.stream().map(Future::resultNow).distinct()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw-----w-", "rw-rw-rw-", "rw------x"})
  void aSecretThatOthersCanGetAtIsRefused(String permissions) throws Exception {
    SecretFile.makeIfMissing(secret);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> options())
        .isInstanceOf(PlacesException.class)
        .hasMessageContaining("has the permissions " + permissions)
        .hasMessageContaining("chmod 600 " + secret);
  }

  @Test
  void aFolderIsNoSecretAndWithoutAFolderNoneIsMade() {
    assertThatThrownBy(() -> SecretFile.read(folder))
        .isInstanceOf(PlacesException.class)
        .hasMessageContaining(folder + " is a folder; name a file in it");
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> SecretFile.makeIfMissing(nowhere.resolve("secret")))
        .isInstanceOf(PlacesException.class)
        .hasMessageContaining("there is no folder " + nowhere);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 4_096})
  void aFileOfAnotherSizeIsNoSecret(int size) throws Exception {
    SecretFile.makeIfMissing(secret);
    Files.write(secret, new byte[size]);

    assertThatThrownBy(() -> options()).hasMessageContaining("has " + size + " bytes instead of 32");
  }

  @Test
  void aMissingSecretAndOneThatCannotBeMadeAreTold() {
    assertThatThrownBy(() -> options()).hasMessageStartingWith("there is no secret file " + secret);
    assertThatThrownBy(() -> SecretFile.makeIfMissing(folder.resolve("none").resolve("secret")))
        .hasMessageStartingWith("cannot make the secret file ");
  }

  private NodeOptions options() {
    return NodeOptions.standard().secretFile(secret).allow("io.places.node");
  }
}
