package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.GetTimeoutException;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.wire.proto.Control;
import io.places.wire.proto.Drain;
import io.places.wire.proto.KillPlace;
import io.places.wire.proto.StartPlace;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer that knows the secret wants what nobody may have: nothing of it runs, and others are served. */
class ForgeryTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int WHOLE = FrameHeader.FIRST | FrameHeader.LAST;

  private final ClusterKey key = ClusterKey.random(new SecureRandom());
  private final NodeOptions options =
      NodeOptions.standard().key(key).allow("io.places.wire");
  private final Node node = Node.start(options.name("wary"));
  private final Node other = Node.start(options.name("other"));
  private RawPeer raw;
  private Place<String, String> echo;

  /** Of the only package that may be started on the node. */
  static final class Allowed {
    private Allowed() {}

    static void echo(PlaceChannel<String, String> channel) {
      while (true) {
        channel.put(channel.get());
      }
    }

    static void tellsWhatCame(PlaceChannel<String, String> channel) {
      try {
        CAME.add(channel.get());
      } catch (RuntimeException e) {
        CAME.add(e.toString());
      }
    }

    static void noBody() {
      RAN.incrementAndGet();
    }
  }

  private static final AtomicInteger RAN = new AtomicInteger();
  private static final BlockingQueue<String> CAME = new LinkedBlockingQueue<>();

  @BeforeEach
  void connect() throws IOException {
    RAN.set(0);
    CAME.clear();
    RemoteNode remote = other.connect(node.address());
    echo = remote.place(Allowed::echo);
    raw = new RawPeer(key, node.address());
    raw.hello(true);
  }

  @AfterEach
  void othersAreServedAndNothingRan() throws IOException {
    assertThat(echo.ask("served", SOON)).isEqualTo("served");
    assertThat(RAN).hasValue(0);
    raw.close();
    other.close();
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "io.places.lives.LifeBodies, echo",
    "java.lang.Runtime, exec",
    "java.lang.System, exit",
    "io.places.wire.ForgeryTest$Allowed, noBody",
    "io.places.wire.ForgeryTest$Allowed, noSuchMethod",
    "io.places.wire.ForgeryTest$NoSuchClass, body",
    "../../../etc/passwd, body",
    "'[Ljava.lang.String;', body",
    "'', ''"
  })
  void whatIsNoListedBodyIsNotStarted(String className, String method) throws IOException {
    raw.control(start(1, className, method));
    assertThat(raw.next(Control.BodyCase.PLACE_REFUSED).getPlaceRefused().getReason()).isNotEmpty();
    raw.control(start(5, Allowed.class.getName(), "echo"));
    assertThat(raw.next(Control.BodyCase.PLACE_STARTED).getPlaceStarted().getChannel()).isEqualTo(5);
  }

  @Test
  void aBodyOfOtherTypesIsNotStarted() throws IOException {
    Control.Builder request = start(1, Allowed.class.getName(), "echo").toBuilder();
    request.getStartPlaceBuilder().setSends("java.lang.Integer");
    raw.control(request.build());
    assertThat(raw.next(Control.BodyCase.PLACE_REFUSED).getPlaceRefused().getReason())
        .contains("different versions of the class");
  }

  /** As when a node was started with fewer jars than its peers have. */
  @Test
  void aBodyThatNeedsAMissingClassIsRefusedByTheNameOfThatClass() throws Exception {
    var lacking = ClassDesc.of("io.places.wire.Lacking");
    byte[] code =
        ClassFile.of()
            .build(
                lacking,
                type ->
                    type.withMethod(
                        "body",
                        MethodTypeDesc.of(
                            ConstantDescs.CD_void, ClassDesc.of(PlaceChannel.class.getName())),
                        ClassFile.ACC_STATIC,
                        method ->
                            method
                                .with(
                                    SignatureAttribute.of(
                                        MethodSignature.parseFrom(
                                            "(Lio/places/channel/PlaceChannel<Lno/such/Type;Ljava/lang/String;>;)V")))
                                .withCode(CodeBuilder::return_)));
    MethodHandles.lookup().defineClass(code);
    raw.control(start(1, "io.places.wire.Lacking", "body"));
    assertThat(raw.next(Control.BodyCase.PLACE_REFUSED).getPlaceRefused().getReason())
        .contains("cannot start io.places.wire.Lacking::body", "class path", "no.such.Type");
  }

  @Test
  void aChannelThatIsTheNodesToOpenEndsTheConnection() throws IOException {
    raw.control(start(2, Allowed.class.getName(), "echo"));
    assertThat(raw.goodbye()).contains("channel id 2 is not the peer's to open");
  }

  @Test
  void aChannelThatIsOpenIsNotOpenedAgain() throws IOException {
    raw.control(start(1, Allowed.class.getName(), "echo"));
    raw.next(Control.BodyCase.PLACE_STARTED);
    raw.control(start(1, Allowed.class.getName(), "echo"));
    assertThat(raw.goodbye()).contains("channel id 1 is not the peer's to open");
  }

  /** Each connection numbers its own channels: no number means anybody else's. */
  @Test
  void placesOfOthersAreNeitherKilledNorSpokenTo() throws IOException {
    for (int channel = 1; channel < 10; channel++) {
      raw.control(
          Control.newBuilder().setKillPlace(KillPlace.newBuilder().setChannel(channel)).build());
      raw.frame(FrameKind.DATA, WHOLE, channel, string("forged"));
    }
    raw.control(start(11, Allowed.class.getName(), "echo"));
    raw.next(Control.BodyCase.PLACE_STARTED); // all that came before was looked at
    assertThatThrownBy(() -> echo.get(Duration.ofMillis(1))).isInstanceOf(GetTimeoutException.class);
  }

  @Test
  void onlyItsOwnerMayDrainANode() throws IOException {
    raw.control(Control.newBuilder().setDrain(Drain.newBuilder().setRequest(1)).build());
    assertThat(raw.goodbye()).contains("only the owner of a node may drain it");
  }

  @Test
  void aSerializedJavaObjectIsNoMessage() throws Exception {
    raw.control(start(1, Allowed.class.getName(), "tellsWhatCame"));
    raw.next(Control.BodyCase.PLACE_STARTED);
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(new File("/"));
    }
    raw.frame(FrameKind.DATA, WHOLE, 1, bytes.toByteArray());
    assertThat(CAME.poll(10, TimeUnit.SECONDS)).startsWith("io.places.ProtocolException: ");
  }

  @Test
  void randomControlMessagesOfAPeerHarmNobody() throws IOException {
    long seed = new SecureRandom().nextLong();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int peer = 0; peer < 200; peer++) {
      try (var garbage = new RawPeer(key, node.address())) {
        for (int i = 0; i < 10; i++) {
          byte[] body = new byte[random.nextInt(200)];
          random.nextBytes(body);
          garbage.frame(FrameKind.CONTROL, 0, random.nextInt(3), body);
        }
      } catch (IOException | IllegalStateException e) {
        // it was closed meanwhile
      }
    }
  }

  private static Control start(long channel, String className, String method) {
    return Control.newBuilder()
        .setStartPlace(
            StartPlace.newBuilder()
                .setChannel(channel)
                .setOutput(channel + 2)
                .setClassName(className)
                .setMethodName(method)
                .setSends(String.class.getName())
                .setReceives(String.class.getName()))
        .build();
  }

  private static byte[] string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[utf8.length + 2];
    message[0] = 1 << 3 | 2;
    message[1] = (byte) utf8.length;
    System.arraycopy(utf8, 0, message, 2, utf8.length);
    return message;
  }
}
