package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.places.ProtocolException;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.wire.proto.AttachEnd;
import io.places.wire.proto.ChannelRow;
import io.places.wire.proto.ConnectionRow;
import io.places.wire.proto.Control;
import io.places.wire.proto.EndArrives;
import io.places.wire.proto.Hello;
import io.places.wire.proto.Inspect;
import io.places.wire.proto.Inspected;
import io.places.wire.proto.InterruptPlace;
import io.places.wire.proto.Isolation;
import io.places.wire.proto.NameRow;
import io.places.wire.proto.NamedRefused;
import io.places.wire.proto.NodeAddress;
import io.places.wire.proto.PlaceRefused;
import io.places.wire.proto.PlaceRow;
import io.places.wire.proto.StartPlace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
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
        .contains("A frame is a header of %d bytes".formatted(FrameHeader.SIZE))
        .contains(
            String.format(
                Locale.ROOT, "%,d messages and %d MiB", PlaceChannel.CREDIT_MESSAGES, PlaceChannel.CREDIT_BYTES >> 20))
        .contains("risen for %d s,".formatted(Wire.DEAF_LIMIT.toSeconds()))
        .contains(
            "| %d s; %d min of a launched node,"
                .formatted(Wire.HANDSHAKE_LIMIT.toSeconds(), Wire.FIRST_HANDSHAKE_LIMIT.toMinutes()))
        .contains(
            "| %d; %d of one address, but on loopback |"
                .formatted(Wire.MAX_HALF_OPEN, Wire.MAX_HALF_OPEN_OF_ONE_ADDRESS))
        .contains(String.format(Locale.ROOT, "| connections of a node | %,d |", Wire.MAX_CONNECTIONS))
        .contains("| body of a frame | %d KiB |".formatted(FrameKind.MAX_BODY >> 10))
        .contains(
            "| message | %d MiB (and %d bytes "
                .formatted(Connection.MAX_MESSAGE >> 20, Connection.MAX_MESSAGE % (1 << 20)))
        .contains("its window: %d MiB, ".formatted(Connection.WINDOW >> 20))
        .contains("those of at most %d KiB may overdraw".formatted(Connection.SMALL_MESSAGE >> 10))
        .contains("A message counts with %d bytes on top,".formatted(Connection.cost(0)))
        .contains("| silence | %d s |".formatted(Wire.SILENCE_LIMIT.toSeconds()));
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

  /**
   * Each control message with all its fields, whose values are made of their names: the same field under another
   * number, or of another type, has other bytes. A message or a field that is new belongs into the file.
   */
  @Test
  void everyControlMessageHasTheBytesOfTheFile() throws IOException {
    List<String> all = new ArrayList<>();
    for (FieldDescriptor body : Control.getDescriptor().getFields()) {
      Control.Builder control = Control.newBuilder();
      control.setField(body, filled(control.newBuilderForField(body)));
      all.add(body.getName() + " " + HexFormat.of().formatHex(control.build().toByteArray()));
    }
    assertThat(all)
        .hasSize(Control.BodyCase.values().length - 1) // without BODY_NOT_SET
        .isEqualTo(Files.readAllLines(Path.of("src", "test", "resources", "io", "places", "wire", "control.hex")));
  }

  private static Message filled(Message.Builder message) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        message.addRepeatedField(field, value(field, message));
      } else {
        message.setField(field, value(field, message));
      }
    }
    return message.build();
  }

  private static Object value(FieldDescriptor field, Message.Builder of) {
    int number = field.getName().chars().sum();
    return switch (field.getJavaType()) {
      case STRING -> field.getName();
      case INT -> number;
      case LONG -> (long) number;
      case BOOLEAN -> true;
      case ENUM -> field.getEnumType().getValues().getLast();
      case MESSAGE -> filled(of.newBuilderForField(field));
      default -> throw new AssertionError("no control message has had such a field: " + field);
    };
  }

  @Test
  void theNamesInControlMessagesHaveTheseNumbers() {
    assertThat(numbers(Isolation.getDescriptor()))
        .containsExactly("THREAD 0", "VIRTUAL 1", "CLASS_LOADER 2");
    assertThat(numbers(PlaceRefused.Why.getDescriptor())).containsExactly("OTHER 0", "NAME_TAKEN 1");
    assertThat(numbers(InterruptPlace.Kind.getDescriptor()))
        .containsExactly("BREAK 0", "HANG_UP 1", "TERMINATE 2");
    assertThat(numbers(NamedRefused.Why.getDescriptor()))
        .containsExactly("WHY_UNSPECIFIED 0", "NOT_FOUND 1", "OTHER 2");
  }

  private static List<String> numbers(EnumDescriptor type) {
    return type.getValues().stream().map(value -> value.getName() + " " + value.getNumber()).toList();
  }

  /** Asks, and tells what it is answered, often. */
  static void asksAndTells(PlaceChannel<String, String> channel) {
    channel.put(channel.ask("q", Duration.ofSeconds(20)).repeat(70_000));
  }

  /** But for the sequence: heartbeats lie between. */
  @Test
  void aQuestionItsAnswerAndTheFragmentsOfAMessageHaveTheseBytes() throws IOException {
    var key = ClusterKey.random(new SecureRandom());
    try (Node node = Node.start(NodeOptions.standard().key(key).allow("io.places.wire"));
        var peer = new RawPeer(key, node.address())) {
      peer.hello(true);
      peer.control(
          Control.newBuilder()
              .setStartPlace(
                  StartPlace.newBuilder()
                      .setChannel(7)
                      .setOutput(9)
                      .setClassName(FrameGoldenBytesTest.class.getName())
                      .setMethodName("asksAndTells")
                      .setSends(String.class.getName())
                      .setReceives(String.class.getName()))
              .build());
      ByteBuffer question = peer.next(FrameKind.DATA);
      assertThat(hex(question, 0, 16)).isEqualTo("0000000b" + "02" + "07" + "0000" + "0000000000000007");
      long number = question.getLong(FrameHeader.SIZE);
      assertThat(number).isPositive();
      assertThat(hex(question, FrameHeader.SIZE + Long.BYTES, 3)).isEqualTo("0a0171"); // "q"

      byte[] answer = ByteBuffer.allocate(11).putLong(number).put(new byte[] {10, 1, 'x'}).array();
      peer.frame(FrameKind.DATA, 0x0b, 7, answer);
      ByteBuffer first = peer.next(FrameKind.DATA);
      assertThat(hex(first, 0, 16)).isEqualTo("00010000" + "02" + "01" + "0000" + "0000000000000007");
      assertThat(hex(first, FrameHeader.SIZE, 10))
          .isEqualTo("00011174" + "0af0a204" + "7878"); // 70,004 bytes; a text of 70,000, "xx..."
      ByteBuffer second = peer.next(FrameKind.DATA);
      assertThat(hex(second, 0, 16)).isEqualTo("00001178" + "02" + "02" + "0000" + "0000000000000007");
      assertThat(hex(second, FrameHeader.SIZE, 70_004 - 65_532)).isEqualTo("78".repeat(70_004 - 65_532));
    }
  }

  private static String hex(ByteBuffer bytes, int from, int count) {
    byte[] part = new byte[count];
    bytes.get(from, part);
    return HexFormat.of().formatHex(part);
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
