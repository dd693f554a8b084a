package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
import io.places.launch.Launch;
import io.places.message.SpareArrays;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.Spawn;
import io.places.wire.proto.Control;
import io.places.wire.proto.OpenNamed;
import io.places.wire.proto.StartPlace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer of the cluster that exceeds a bound is told so and closed; the node serves its other peers. */
class LimitsTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int FIRST = FrameHeader.FIRST;
  private static final int LAST = FrameHeader.LAST;
  private static final BlockingQueue<Integer> SENT = new LinkedBlockingQueue<>();

  private final ClusterKey key = ClusterKey.random(new SecureRandom());
  private final NodeOptions options =
      NodeOptions.standard().key(key).allow("io.places.wire");
  private final Node node = Node.start(options.name("limited"));
  private final Node other = Node.start(options.name("other"));
  private RawPeer raw;
  private Place<String, String> echo;

  static void echo(PlaceChannel<String, String> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void neverReads(PlaceChannel<String, byte[]> channel) throws InterruptedException {
    Thread.currentThread().join();
  }

  @BeforeEach
  void connect() throws IOException {
    RemoteNode remote = other.connect(node.address());
    echo = remote.place(LimitsTest::echo);
    raw = new RawPeer(key, node.address());
  }

  @AfterEach
  void others() throws IOException {
    assertThat(echo.ask("served", SOON)).isEqualTo("served");
    raw.close();
    other.close();
    node.close();
  }

  @Test
  void aFrameAboveTheBound() throws IOException {
    raw.header((64 << 10) + 1, FrameKind.DATA, FIRST | LAST, 1);
    assertThat(raw.goodbye()).isEqualTo("a DATA frame of 65537 bytes; allowed are 0 to 65536");
  }

  @Test
  void aMessageAboveTheBound() throws IOException {
    raw.frame(FrameKind.DATA, FIRST, 1, intBytes(Connection.MAX_MESSAGE + 1));
    assertThat(raw.goodbye())
        .isEqualTo("a message of 67108873 bytes on channel 1; the bound is 67108872");
  }

  @Test
  void aMessageAboveTheNodesOwnBoundAndMoreThanAConnectionHasRoomFor() throws IOException {
    int largest = 8 << 20;
    try (Node small = Node.start(options.name("small").largestMessage(largest));
        var one = new RawPeer(key, small.address());
        var many = new RawPeer(key, small.address())) {
      one.frame(FrameKind.DATA, FIRST, 1, intBytes(largest + Long.BYTES + 1));
      assertThat(one.goodbye())
          .isEqualTo("a message of 8388617 bytes on channel 1; the bound is 8388616");
      for (int channel = 1; channel <= 2 * 24 + 1; channel += 2) {
        many.frame(FrameKind.DATA, FIRST, channel, intBytes(largest));
      }
      assertThat(many.goodbye())
          .endsWith("of others on this connection that come or were not got yet; the bound is 201326600");
    }
  }

  @Test
  void aMessageThatTurnsOutLongerThanItSays() throws IOException {
    raw.frame(FrameKind.DATA, FIRST, 1, intBytes(5));
    raw.frame(FrameKind.DATA, LAST, 1, new byte[6]);
    assertThat(raw.goodbye()).isEqualTo("a message of 5 bytes on channel 1 turns out longer");
  }

  @Test
  void whatTurnsOutLongerIsNotWrittenBehindTheMessageIntoAnArrayThatServesAgain() throws IOException {
    int total = (1 << 20) - 100;
    byte[] spare = new byte[1 << 20];
    Arrays.fill(spare, (byte) 7);
    SpareArrays.give(spare);
    byte[] full = new byte[FrameKind.MAX_BODY];
    raw.frame(FrameKind.DATA, FIRST, 1, ByteBuffer.allocate(full.length).putInt(total).array());
    int left = total - full.length + Integer.BYTES;
    for (; left > full.length - 50; left -= full.length) {
      raw.frame(FrameKind.DATA, 0, 1, full);
    }
    raw.header(left + 50, FrameKind.DATA, LAST, 1);
    raw.write(new byte[left + 10]); // so that it comes in pieces
    try {
      raw.write(new byte[40]);
    } catch (IllegalStateException e) {
      // it has been refused already
    }
    assertThat(raw.goodbye())
        .isEqualTo("a message of %d bytes on channel 1 turns out longer".formatted(total));
    assertThat(spare[total - left - 1]).as("in the array that served before").isZero();
    assertThat(Arrays.copyOfRange(spare, total, spare.length)).containsOnly(7);
  }

  @Test
  void aControlMessageThatIsNestedTooDeep() throws IOException {
    byte[] groups = new byte[200]; // 100 groups in each other, of a field that nobody knows
    Arrays.fill(groups, 0, 100, (byte) ((15 << 3) | 3));
    Arrays.fill(groups, 100, 200, (byte) ((15 << 3) | 4));
    raw.frame(FrameKind.CONTROL, 0, 0, groups);
    assertThat(raw.goodbye())
        .startsWith("a control frame that cannot be read: ")
        .contains("too many levels of nesting");
  }

  @Test
  void messagesUnderWayBeyondTheConnectionsBudgetAreRefusedBeforeTheyAreRead() throws IOException {
    for (int channel = 1; channel <= 9; channel += 2) { // that none is whole costs the sender nothing
      raw.frame(FrameKind.DATA, FIRST, channel, intBytes(48 << 20));
    }
    assertThat(raw.goodbye())
        .isEqualTo(
            "a message of 50331648 bytes, with 150995136 bytes of others on this connection that come or were not got yet; the bound is 201326600");
  }

  @Test
  void whatLiesUnreadInMailboxesCountsToo() throws IOException {
    byte[] message = new byte[60 << 10];
    for (int channel = 1; channel <= 81; channel += 4) {
      startNeverReading(channel);
      for (int i = 0; i < 130; i++) { // just below the channel's own 8 MiB
        raw.frame(FrameKind.DATA, FIRST | LAST, channel, message);
      }
    }
    for (int channel = 101; channel <= 109; channel += 2) {
      raw.frame(FrameKind.DATA, FIRST, channel, intBytes(32 << 20));
    }
    assertThat(raw.goodbye()).contains("on this connection that come or were not got yet");
  }

  private void startNeverReading(int channel) throws IOException {
    raw.control(
        Control.newBuilder()
            .setStartPlace(
                StartPlace.newBuilder()
                    .setChannel(channel)
                    .setOutput(channel + 2)
                    .setClassName(LimitsTest.class.getName())
                    .setMethodName("neverReads")
                    .setSends("java.lang.String")
                    .setReceives("[B"))
            .build());
    raw.next(Control.BodyCase.PLACE_STARTED);
  }

  @Test
  void aMessageWithoutCredit() throws IOException {
    startNeverReading(1);
    for (int i = 0; i <= PlaceChannel.CREDIT_MESSAGES; i++) {
      raw.frame(FrameKind.DATA, FIRST | LAST, 1, new byte[0]);
    }
    assertThat(raw.goodbye())
        .isEqualTo("a message without credit on channel 1, after 1024 messages and 0 bytes");
  }

  @Test
  void aCreditOfMoreThanCanEverBeUnread() throws IOException {
    raw.frame(FrameKind.CREDIT, 0, 1, credit(-1, Long.MAX_VALUE));
    assertThat(raw.goodbye())
        .isEqualTo(
            "a credit of 4294967295 messages and 9223372036854775807 bytes on channel 1; more than 3145728 messages and 201326600 bytes never wait on a connection");
  }

  @Test
  void creditBeyondTheWindowDoesNotHaveMoreSent() throws Exception {
    raw.control(
        Control.newBuilder()
            .setStartPlace(
                StartPlace.newBuilder()
                    .setChannel(1)
                    .setOutput(3)
                    .setClassName(LimitsTest.class.getName())
                    .setMethodName("floods")
                    .setSends("java.lang.String")
                    .setReceives("java.lang.String"))
            .build());
    raw.next(Control.BodyCase.PLACE_STARTED);
    for (int i = 0; i < 1_000; i++) {
      raw.frame(FrameKind.CREDIT, 0, 1, credit(100_000, 100_000_000));
      raw.frame(FrameKind.CREDIT, 0, 0, credit(0, 100_000_000));
    }
    raw.frame(FrameKind.DATA, FIRST | LAST, 1, new byte[0]); // an empty text
    assertThat(SENT.poll(10, TimeUnit.SECONDS)).isEqualTo(PlaceChannel.CREDIT_MESSAGES);
  }

  /** Told, sends as much as it may. */
  static void floods(PlaceChannel<String, String> channel) {
    channel.get();
    int sent = 0;
    while (channel.offer("x")) {
      sent++;
    }
    SENT.add(sent);
  }

  private static byte[] credit(int messages, long bytes) {
    return ByteBuffer.allocate(12).putInt(messages).putLong(bytes).array();
  }

  @Test
  void channelsBeyondTheBoundAreRefusedAndTheOthersLive() throws IOException {
    node.place(Spawn.named("door"), LimitsTest::door);
    int opened = 0;
    int channel = 1;
    Control answer = open(channel);
    while (answer.hasNamedOpened() || isForWaitingClients(answer)) {
      opened += answer.hasNamedOpened() ? 1 : 0;
      channel += 2;
      answer = open(channel);
    }
    assertThat(opened).isBetween(4_096, 5_120);
    assertThat(answer.getNamedRefused().getReason())
        .contains("open channels with this node, the most there may be");
    raw.frame(FrameKind.DATA, FIRST | LAST, 1, new byte[0]); // the connection lives
    raw.control(Control.newBuilder().setOpenNamed(OpenNamed.newBuilder().setChannel(99_999).setName("none")).build());
    assertThat(raw.next(Control.BodyCase.NAMED_REFUSED).getNamedRefused().getReason())
        .startsWith("no place named 'none'");
  }

  @Test
  void clientsThatWaitForANameCountAsChannelsThatAreOpen() throws IOException {
    for (int channel = 1; channel <= 2 * 5_121; channel += 2) {
      raw.control(
          Control.newBuilder()
              .setOpenNamed(
                  OpenNamed.newBuilder().setChannel(channel).setName("nobody").setWaitMillis(3_600_000))
              .build());
    }
    assertThat(raw.next(Control.BodyCase.NAMED_REFUSED).getNamedRefused().getReason())
        .contains("open channels with this node, the most there may be");
  }

  /** The place lets nobody in while too many wait at its door: it will get on. */
  private static boolean isForWaitingClients(Control answer) {
    return answer.hasNamedRefused()
        && answer.getNamedRefused().getReason().endsWith("too many wait already");
  }

  @SuppressWarnings("ModifiedButNotUsed") // an end that nobody holds is closed
  static void door(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    var all = new ArrayList<PlaceChannel<String, String>>();
    while (true) {
      all.add(clients.get());
    }
  }

  private Control open(long channel) throws IOException {
    raw.control(
        Control.newBuilder()
            .setOpenNamed(
                OpenNamed.newBuilder()
                    .setChannel(channel)
                    .setName("door")
                    .setSends("java.lang.String")
                    .setReceives("java.lang.String"))
            .build());
    while (true) {
      Control answer = raw.nextControl();
      if (answer.hasNamedOpened() || answer.hasNamedRefused()) {
        return answer;
      }
    }
  }

  @Test
  void aNodeInAProcessRefusesFramesAndMessagesAboveTheBoundAndServesItsOtherPeers() throws IOException {
    RemoteNode process = other.launch(Launch.process());
    List<Place<String, String>> echoes = new ArrayList<>();
    for (RemoteNode seen : List.of(process, node.connect(process.address()))) {
      echoes.add(seen.place(LimitsTest::echo));
    }
    try (var longFrame = new RawPeer(key, process.address());
        var longMessage = new RawPeer(key, process.address())) {
      longFrame.header((64 << 10) + 1, FrameKind.DATA, FIRST | LAST, 1);
      assertThat(longFrame.goodbye())
          .isEqualTo("a DATA frame of 65537 bytes; allowed are 0 to 65536");
      longMessage.frame(FrameKind.DATA, FIRST, 1, intBytes(Connection.MAX_MESSAGE + 1));
      assertThat(longMessage.goodbye())
          .isEqualTo("a message of 67108873 bytes on channel 1; the bound is 67108872");
      for (Place<String, String> each : echoes) {
        assertThat(each.ask("served", SOON)).isEqualTo("served");
      }
    }
  }

  private static byte[] intBytes(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }
}
