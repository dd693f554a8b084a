package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.Place;
import io.places.wire.proto.Control;
import io.places.wire.proto.ListNames;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers of the cluster, handshake and all, that talk nonsense, hundreds of them. */
class BrokenPeersTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int WARM_UP = 5;
  private static final int TIMES = 50;

  /** Five hundred connections would cost far more. */
  private static final long HEAP_SLACK = 8L << 20;

  /** Of those cut off in its midst, {@link #TIMES} are more than a node ever holds. */
  private static final int LARGE = 32 << 20;

  private final ClusterKey key = ClusterKey.random(new SecureRandom());
  private final NodeOptions options = NodeOptions.standard().key(key).allow("io.places.wire");
  private final Node node = Node.start(options.name("patient"));
  private final Node other = Node.start(options.name("other"));
  private final Random random;

  BrokenPeersTest() {
    long seed = new SecureRandom().nextLong();
    System.out.println("seed " + seed);
    random = new Random(seed);
  }

  private interface Nonsense {
    void say(RawPeer peer) throws IOException;
  }

  /** What they say, and how the reason begins that they are told; empty for who is gone before. */
  private Map<Nonsense, String> nonsense() {
    Map<Nonsense, String> all = new LinkedHashMap<>();
    all.put(this::randomHeader, "a frame of unknown kind ");
    all.put(
        peer -> peer.header((64 << 10) + 1, FrameKind.DATA, 0, 1),
        "a DATA frame of 65537 bytes; allowed are 0 to 65536");
    all.put(peer -> peer.write(header(FrameKind.DATA, 9)), "frame 9 came after frame 1");
    all.put(
        peer -> peer.frame(FrameKind.DATA, FrameHeader.LAST, 7, new byte[5]),
        "a fragment without a beginning on channel 7");
    all.put(BrokenPeersTest::twoAtOnce, "a message begins inside another on channel 7");
    all.put(
        peer -> peer.frame(FrameKind.CREDIT, 0, 1, new byte[] {-1, -1, -1, -1, 127, -1, -1, -1, -1, -1, -1, -1}),
        "a credit of 4294967295 messages and 9223372036854775807 bytes on channel 1; ");
    all.put(this::toNobody, "a frame of unknown kind ");
    all.put(peer -> peer.header(1_000, FrameKind.DATA, FrameHeader.FIRST, 7), "");
    all.put(BrokenPeersTest::halfAHeader, "");
    all.put(BrokenPeersTest::beginningOfALargeOne, "");
    return all;
  }

  private void randomHeader(RawPeer peer) {
    byte[] header = new byte[FrameHeader.SIZE];
    random.nextBytes(header);
    header[4] = (byte) (5 + random.nextInt(250)); // else it may be one
    peer.write(header);
  }

  private static byte[] header(FrameKind kind, long sequence) {
    ByteBuffer header = ByteBuffer.allocate(FrameHeader.SIZE);
    new FrameHeader(0, kind, 0, 7, sequence).write(header);
    return header.array();
  }

  private static void twoAtOnce(RawPeer peer) {
    byte[] beginning = ByteBuffer.allocate(Integer.BYTES).putInt(100_000).array();
    peer.frame(FrameKind.DATA, FrameHeader.FIRST, 7, beginning);
    peer.frame(FrameKind.DATA, FrameHeader.FIRST, 7, beginning);
  }

  /** What comes for a channel that is just closed here is no error, so this is none. */
  private void toNobody(RawPeer peer) throws IOException {
    for (int i = 0; i < 20; i++) {
      long channel = random.nextLong();
      peer.frame(FrameKind.DATA, FrameHeader.FIRST | FrameHeader.LAST, channel, new byte[1_000]);
      peer.frame(FrameKind.CREDIT, 0, channel, new byte[12]);
    }
    requireAnswer(peer);
    randomHeader(peer);
  }

  private static void halfAHeader(RawPeer peer) {
    peer.write(new byte[FrameHeader.SIZE / 2]);
  }

  private static void beginningOfALargeOne(RawPeer peer) throws IOException {
    peer.frame(
        FrameKind.DATA, FrameHeader.FIRST, 7, ByteBuffer.allocate(Integer.BYTES).putInt(LARGE).array());
    requireAnswer(peer); // so it was charged, and not refused
  }

  private static void requireAnswer(RawPeer peer) throws IOException {
    peer.control(Control.newBuilder().setListNames(ListNames.newBuilder().setRequest(1)).build());
    peer.next(Control.BodyCase.NAMES_LISTED);
  }

  static void echo(PlaceChannel<String, String> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  @AfterEach
  void close() {
    other.close();
    node.close();
  }

  @Test
  void eachIsToldWhyAndClosedOthersAreServedAndNothingOfThemIsKept() throws IOException {
    Place<String, String> echo = other.connect(node.address()).place(BrokenPeersTest::echo);
    talkNonsense(WARM_UP, echo);
    long before = heap();
    talkNonsense(TIMES, echo);
    long start = System.nanoTime();
    while (node.status().connections().rows().size() > 1) { // the last may just be going
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }
    start = System.nanoTime();
    for (long now = heap(); now >= before + HEAP_SLACK; now = heap()) { // it has still to let go of what it held
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as("%d bytes, before %d", now, before).isLessThan(SOON);
    }
  }

  private void talkNonsense(int times, Place<String, String> echo) throws IOException {
    for (int i = 0; i < times; i++) {
      for (Map.Entry<Nonsense, String> each : nonsense().entrySet()) {
        try (var peer = new RawPeer(key, node.address())) {
          peer.hello(true);
          each.getKey().say(peer);
          if (!each.getValue().isEmpty()) {
            assertThat(peer.goodbye()).startsWith(each.getValue());
          }
        }
      }
      assertThat(echo.ask("served " + i, SOON)).isEqualTo("served " + i);
    }
  }

  private static long heap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
