package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final Random RANDOM = new Random(11);
  private static final ClusterKey KEY = ClusterKey.random(RANDOM);
  private static final NodeIdentity ONE = new NodeIdentity(new UUID(1, 1), 100);
  private static final NodeIdentity TWO = new NodeIdentity(new UUID(2, 2), 200);

  private final Handshake connector = new Handshake(KEY, ONE, RANDOM, true);
  private final Handshake acceptor = new Handshake(KEY, TWO, RANDOM, false);

  @Test
  void twoNodesOfOneClusterLearnWhoTheOtherIs() {
    byte[] toConnector = say(acceptor, connector.opening());
    byte[] proof = say(connector, toConnector);
    byte[] answer = say(acceptor, proof);
    assertThat(say(connector, answer)).isEmpty();

    assertThat(connector.isDone()).isTrue();
    assertThat(acceptor.isDone()).isTrue();
    assertThat(connector.peer()).isEqualTo(TWO);
    assertThat(acceptor.peer()).isEqualTo(ONE);
  }

  @Test
  void bytesThatFollowTheHandshakeAreLeftAlone() {
    byte[] toConnector = say(acceptor, connector.opening());
    ByteBuffer proofAndMore =
        ByteBuffer.wrap(join(say(connector, toConnector), new byte[] {1, 2, 3}));
    acceptor.receive(proofAndMore, bytes -> {});
    assertThat(acceptor.isDone()).isTrue();
    assertThat(proofAndMore.remaining()).isEqualTo(3);
  }

  @Test
  void aHandshakeThatComesByteByByteSucceeds() {
    byte[] toConnector = inBytes(acceptor, connector.opening());
    byte[] proof = inBytes(connector, toConnector);
    inBytes(connector, inBytes(acceptor, proof));
    assertThat(connector.isDone() && acceptor.isDone()).isTrue();
  }

  @Test
  void aPeerWithAnotherSecretIsRefusedAndLearnsNothing() {
    ClusterKey wrong =
        ClusterKey.parse(KEY.expose().substring(0, 37) + "ab".repeat(ClusterKey.SECRET_SIZE));
    var stranger = new Handshake(wrong, ONE, RANDOM, true);
    byte[] preface = say(acceptor, stranger.opening());
    byte[] proof = say(stranger, preface);
    var answer = new ByteArrayOutputStream();
    assertThatThrownBy(() -> acceptor.receive(ByteBuffer.wrap(proof), answer::writeBytes))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("the peer does not know the cluster's secret");
    assertThat(answer.size()).isZero();
    assertThat(acceptor.isDone()).isFalse();
  }

  @Test
  void anotherClusterIsRefused() {
    var stranger = new Handshake(ClusterKey.random(RANDOM), ONE, RANDOM, true);
    assertThatThrownBy(() -> say(acceptor, stranger.opening()))
        .hasMessage("the peer belongs to another cluster");
  }

  @Test
  void anotherVersionIsNamedToBothSides() {
    byte[] future = connector.opening().clone();
    future[5] = 9;
    var answer = new ByteArrayOutputStream();
    assertThatThrownBy(() -> acceptor.receive(ByteBuffer.wrap(future), answer::writeBytes))
        .hasMessage(
            "the peer speaks version 9 of the protocol, this node version 1; run the same version on"
                + " all nodes");
    assertThat(answer.size()).as("our preface, with our version").isEqualTo(Handshake.PREFACE_SIZE);
  }

  @Test
  void aProofIsGoodForOneConnectionOnly() {
    byte[] proof = say(connector, say(acceptor, connector.opening()));
    var nextAcceptor = new Handshake(KEY, TWO, RANDOM, false);
    say(nextAcceptor, connector.opening()); // a replayed preface
    assertThatThrownBy(() -> say(nextAcceptor, proof))
        .hasMessage("the peer does not know the cluster's secret");
  }

  @Test
  void ourOwnBytesSentBackDoNotPass() {
    byte[] preface = say(acceptor, connector.opening());
    byte[] proof = say(connector, preface);
    assertThatThrownBy(() -> say(connector, proof))
        .hasMessage("the peer does not know the cluster's secret");
  }

  @Test
  void noPrefixOfRandomBytesPasses() {
    byte[] noise = new byte[1 << 20];
    RANDOM.nextBytes(noise);
    assertThatThrownBy(() -> say(acceptor, noise))
        .hasMessage("the peer does not speak the protocol of places");
  }

  @Test
  void theSecretIsNeverShown() {
    String secret = KEY.expose().substring(37);
    assertThat(KEY.toString()).doesNotContain(secret.substring(0, 8));
    assertThatThrownBy(() -> ClusterKey.parse("x:" + secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(secret)
        .hasNoCause();
  }

  private static byte[] say(Handshake to, byte[] bytes) {
    var answer = new ByteArrayOutputStream();
    to.receive(ByteBuffer.wrap(bytes), answer::writeBytes);
    return answer.toByteArray();
  }

  private static byte[] inBytes(Handshake to, byte[] bytes) {
    var answer = new ByteArrayOutputStream();
    for (byte b : bytes) {
      to.receive(ByteBuffer.wrap(new byte[] {b}), answer::writeBytes);
    }
    return answer.toByteArray();
  }

  private static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
