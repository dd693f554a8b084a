package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import io.places.place.Place;
import io.places.wire.ClusterKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever does not know the secret is out within 5 s, and the node goes on. */
class StrangersTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(10);

  private Node node;
  private Place<String, String> echo;

  @BeforeEach
  void start() {
    node = Node.start();
    echo = node.place(Bodies::echo);
  }

  @AfterEach
  void close() {
    node.close();
  }

  interface Attack {
    void on(Socket socket) throws IOException;
  }

  private static Map<String, Attack> attacks() {
    byte[] noise = new byte[1 << 20];
    new Random(5).nextBytes(noise);
    byte[] hugeLength = new byte[200];
    Arrays.fill(hugeLength, 0, 4, (byte) 0xFF);
    byte[] magic = "PLCS".getBytes(StandardCharsets.US_ASCII);
    return Map.of(
        "sends 1 MiB of random bytes", socket -> socket.getOutputStream().write(noise),
        "sends a length of 0xFFFFFFFF", socket -> socket.getOutputStream().write(hugeLength),
        "sends the magic, then nothing", socket -> socket.getOutputStream().write(magic),
        "sends nothing", socket -> {});
  }

  /** All at once: two of them are waited for until the time is up. */
  @Test
  void strangersAreClosedWithinFiveSecondsAndTheNodeGoesOn() throws Exception {
    Map<String, Future<Duration>> closed = new HashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      attacks()
          .forEach((what, attack) -> closed.put(what, threads.submit(() -> timeUntilClosed(what, attack))));
    }
    for (var each : closed.entrySet()) {
      assertThat(each.getValue().get()).as(each.getKey()).isLessThan(LIMIT);
    }
    echo.put("alive");
    assertThat(echo.get(SOON)).isEqualTo("alive");
  }

  private Duration timeUntilClosed(String what, Attack attack) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(node.address());
      long start = System.nanoTime();
      try {
        attack.on(socket);
      } catch (SocketException closedWhileSending) {
        // That is what we want to see.
      }
      socket.setSoTimeout((int) SOON.toMillis());
      int bytes = untilClosed(socket);
      var time = Duration.ofNanos(System.nanoTime() - start);
      assertThat(bytes).as("bytes that a stranger gets: %s", what).isLessThanOrEqualTo(80);
      return time;
    }
  }

  /** Fails with a SocketTimeoutException if the other side does not close. */
  private static int untilClosed(Socket socket) throws IOException {
    int count = 0;
    try {
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        count++;
      }
    } catch (SocketException reset) {
      // Closed, too.
    }
    return count;
  }

  @Test
  void manyStrangersDoNotKeepANodeOfTheClusterOut() throws IOException {
    ClusterKey key = ClusterKey.random(new SecureRandom());
    NodeOptions options = NodeOptions.standard().key(key).allow("io.places.node");
    List<Socket> strangers = new ArrayList<>();
    try (Node server = Node.start(options.name("server"));
        Node client = Node.start(options.name("client"))) {
      for (int i = 0; i < 100; i++) {
        Socket stranger = new Socket();
        stranger.connect(server.address());
        strangers.add(stranger);
      }
      RemoteNode remote = client.connect(server.address());
      Place<String, String> there = remote.place(Bodies::echo);
      there.put("in");
      assertThat(there.get(SOON)).isEqualTo("in");
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void aNodeOfAnotherClusterIsRefused() {
    try (Node other = Node.start(NodeOptions.standard().name("other"))) {
      assertThatThrownBy(() -> other.connect(node.address()))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("does it belong to this cluster?");
    }
  }

  @Test
  void aNodeListensOnTheLoopbackInterfaceOnly() throws IOException {
    assertThat(node.address().getAddress().isLoopbackAddress()).isTrue();
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
    assertThatThrownBy(() -> Node.start(NodeOptions.standard().bind(everywhere)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beyond the loopback interface nodes need TLS");
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 7000);
    assertThatThrownBy(() -> node.connect(nowhere))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot connect to nowhere.invalid:7000: no address is known for this host");
    assertThat(InetAddress.getLoopbackAddress()).isEqualTo(node.address().getAddress());
  }
}
