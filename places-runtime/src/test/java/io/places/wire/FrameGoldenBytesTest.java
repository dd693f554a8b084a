package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import io.places.wire.proto.AttachEnd;
import io.places.wire.proto.ChannelRow;
import io.places.wire.proto.ConnectionRow;
import io.places.wire.proto.Control;
import io.places.wire.proto.EndArrives;
import io.places.wire.proto.Hello;
import io.places.wire.proto.Inspect;
import io.places.wire.proto.Inspected;
import io.places.wire.proto.Isolation;
import io.places.wire.proto.NameRow;
import io.places.wire.proto.NodeAddress;
import io.places.wire.proto.PlaceRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bytes of frames, as frame.proto specifies them: a change here breaks running clusters. */
class FrameGoldenBytesTest {

  @Test
  void aDataFrameHasTheseBytes() {
    ByteBuffer out = ByteBuffer.allocate(FrameHeader.SIZE);
    new FrameHeader(5, FrameKind.DATA, FrameHeader.FIRST | FrameHeader.LAST, 7, 258).write(out);
    assertThat(HexFormat.of().formatHex(out.array()))
        .isEqualTo("00000005" + "02" + "03" + "0000" + "0000000000000007" + "0000000000000102");
  }

  @Test
  void aHelloHasTheseBytes() {
    Control hello =
        Control.newBuilder()
            .setHello(Hello.newBuilder().setNodeName("node-1").setProcessId(300))
            .build();
    assertThat(HexFormat.of().formatHex(hello.toByteArray()))
        .isEqualTo("0a0b" + "0a06" + "6e6f64652d31" + "10ac02");
  }

  /** So that docs/wire-protocol.md cannot become false. */
  @Test
  void theBytesThatThePageShowsAreThese() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(FrameHeader.SIZE);
    new FrameHeader(5, FrameKind.DATA, FrameHeader.FIRST | FrameHeader.LAST, 7, 258).write(data);
    Control hello =
        Control.newBuilder()
            .setHello(Hello.newBuilder().setNodeName("node-1").setProcessId(300))
            .build();
    String page = Files.readString(Path.of("..", "docs", "wire-protocol.md"));
    assertThat(Pattern.compile("(?m)^    ([0-9a-f ]+)$").matcher(page).results())
        .extracting(shown -> shown.group(1).replace(" ", ""))
        .containsExactly(
            HexFormat.of().formatHex(data.array()), HexFormat.of().formatHex(hello.toByteArray()));
    for (FrameKind kind : FrameKind.values()) {
      assertThat(page).contains(kind.code + " " + kind.name());
    }
    var handshake =
        new Handshake(
            ClusterKey.random(new SecureRandom()),
            new NodeIdentity(new UUID(0, 1), 2),
            new SecureRandom(),
            true);
    assertThat(page)
        .contains("magic `PLCS` (%s)".formatted(HexFormat.ofDelimiter(" ").formatHex(handshake.opening(), 0, 4)))
        .contains("preface (%d bytes)".formatted(Handshake.PREFACE_SIZE))
        .contains("proof (%d bytes)".formatted(Handshake.PROOF_SIZE))
        .contains("one version number, %d,".formatted(handshake.opening()[5]))
        .contains("A frame is a header of %d bytes".formatted(FrameHeader.SIZE));
  }

  @Test
  void aHelloWithAnAddressAndAWindowHasTheseBytes() {
    Control hello =
        Control.newBuilder()
            .setHello(Hello.newBuilder().setHost("::1").setPort(7_000).setOnly(true).setWindow(64))
            .build();
    assertThat(HexFormat.of().formatHex(hello.toByteArray()))
        .isEqualTo("0a0c" + "1a03" + "3a3a31" + "20d836" + "2801" + "3040");
  }

  @Test
  void anEndThatMovesHasTheseBytes() {
    Control end =
        Control.newBuilder()
            .setEndArrives(
                EndArrives.newBuilder()
                    .setCarrier(1)
                    .setChannel(3)
                    .setSends("S")
                    .setReceives("R")
                    .setLastQuestion(5)
                    .setOtherEnd(
                        NodeAddress.newBuilder()
                            .setNodeHigh(1)
                            .setNodeLow(2)
                            .setIncarnation(3)
                            .setHost("h")
                            .setPort(4))
                    .setTicket(6))
            .build();
    assertThat(HexFormat.of().formatHex(end.toByteArray()))
        .isEqualTo(
            "7a29"
                + "0801" + "1003" + "1a0153" + "220152" + "2805"
                + "3219" + "090100000000000000" + "110200000000000000" + "1803" + "220168" + "2804"
                + "3806");
    Control attach =
        Control.newBuilder()
            .setAttachEnd(
                AttachEnd.newBuilder().setTicket(6).setChannel(7).setMessages(8).setBytes(-1))
            .build();
    assertThat(HexFormat.of().formatHex(attach.toByteArray()))
        .isEqualTo("8a0111" + "0806" + "1007" + "1808" + "20ffffffffffffffffff01");
  }

  @Test
  void aNodeThatTellsOfItselfHasTheseBytes() {
    Control inspect =
        Control.newBuilder().setInspect(Inspect.newBuilder().setRequest(5)).build();
    assertThat(HexFormat.of().formatHex(inspect.toByteArray())).isEqualTo("ea0202" + "0805");
    Control inspected =
        Control.newBuilder()
            .setInspected(
                Inspected.newBuilder()
                    .setRequest(5)
                    .setNode("n")
                    .setProcessId(300)
                    .setUptimeMillis(1)
                    .addPlaces(
                        PlaceRow.newBuilder()
                            .setPlace("p")
                            .setBody("b")
                            .setIsolation(Isolation.VIRTUAL)
                            .setUptimeMillis(2))
                    .setMorePlaces(3)
                    .addNames(
                        NameRow.newBuilder().setName("p").setEpoch(4).setClients(5).setWaiting(6))
                    .setMoreNames(7)
                    .addChannels(
                        ChannelRow.newBuilder()
                            .setTo("t")
                            .setNode("m")
                            .setUnreadMessages(8)
                            .setUnreadBytes(9)
                            .setUnsentBytes(10))
                    .setMoreChannels(11)
                    .addConnections(
                        ConnectionRow.newBuilder()
                            .setNode("m")
                            .setAddress("a")
                            .setOpened(true)
                            .setUptimeMillis(12)
                            .setChannels(13)
                            .setUnsentBytes(14)
                            .setInFlightBytes(15)
                            .setUnreadBytes(16))
                    .setMoreConnections(17))
            .build();
    assertThat(HexFormat.of().formatHex(inspected.toByteArray()))
        .isEqualTo(
            "f2024b"
                + "0805" + "12016e" + "18ac02" + "2001"
                + "2a0a" + "0a0170" + "120162" + "1801" + "2002" + "3003"
                + "3a09" + "0a0170" + "1004" + "1805" + "2006" + "4007"
                + "4a0c" + "0a0174" + "12016d" + "1808" + "2009" + "280a" + "500b"
                + "5a12" + "0a016d" + "120161"
                + "1801" + "200c" + "280d" + "300e" + "380f" + "4010" + "6011");
  }

  @Test
  void theKindsHaveTheseCodes() {
    assertThat(FrameKind.values())
        .extracting(kind -> kind.name() + " " + kind.code)
        .containsExactly("CONTROL 1", "DATA 2", "CREDIT 3", "HEARTBEAT 4");
  }

  @Test
  void framesAreCutRightWhereverTheBytesAreSplit() {
    byte[] stream = twoFrames();
    for (int step = 1; step <= stream.length; step++) {
      List<String> frames = new ArrayList<>();
      var decoder = new FrameDecoder();
      for (int at = 0; at < stream.length; at += step) {
        decoder.decode(
            ByteBuffer.wrap(stream, at, Math.min(step, stream.length - at)),
            (header, body) -> frames.add(header.channel() + ":" + body.remaining()));
      }
      assertThat(frames).as("in pieces of %d bytes", step).containsExactly("1:3", "2:0");
    }
  }

  private static byte[] twoFrames() {
    ByteBuffer out = ByteBuffer.allocate(2 * FrameHeader.SIZE + 3);
    new FrameHeader(3, FrameKind.DATA, 3, 1, 1).write(out);
    out.put(new byte[] {1, 2, 3});
    new FrameHeader(0, FrameKind.DATA, 3, 2, 2).write(out);
    return out.array();
  }

  @Test
  void aHeaderOutOfBoundsIsRefusedBeforeItsBodyIsAllocated() {
    assertRefused("ffffffff" + "02" + "03" + "0000", "a DATA frame of 4294967295 bytes; allowed are 0 to 65536");
    assertRefused("00010001" + "01" + "00" + "0000", "a CONTROL frame of 65537 bytes; allowed are 0 to 65536");
    assertRefused("0000000b" + "03" + "00" + "0000", "a CREDIT frame of 11 bytes; allowed are 12 to 12");
    assertRefused("00000000" + "09" + "00" + "0000", "a frame of unknown kind 9; known are 1 to 4");
    assertRefused(
        "00000000" + "01" + "01" + "0000",
        "a CONTROL frame with flags 0x01 and reserved 0x0000; allowed flags are 0x00, reserved is 0");
    assertRefused(
        "00000000" + "02" + "03" + "0001",
        "a DATA frame with flags 0x03 and reserved 0x0001; allowed flags are 0x0f, reserved is 0");
  }

  private static void assertRefused(String beginning, String message) {
    byte[] header = HexFormat.of().parseHex(beginning + "00".repeat(16));
    assertThatThrownBy(
            () -> new FrameDecoder().decode(ByteBuffer.wrap(header), (frame, body) -> {}))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(message);
  }
}
