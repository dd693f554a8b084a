package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
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

  /** As docs/wire-protocol.md says; the proofs were computed by another implementation of HMAC-SHA-256. */
  @Test
  void prefacesAndProofsHaveTheseBytes() {
    ClusterKey key =
        ClusterKey.parse(
            "00010203-0405-0607-0809-0a0b0c0d0e0f:"
                + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    var one = new NodeIdentity(UUID.fromString("11111111-1111-1111-1111-111111111111"), 258);
    var two = new NodeIdentity(UUID.fromString("22222222-2222-2222-2222-222222222222"), 259);
    var connecting = new Handshake(key, one, () -> 0xaaaaaaaaaaaaaaaaL, true);
    var accepting = new Handshake(key, two, () -> 0xbbbbbbbbbbbbbbbbL, false);
    String magicVersionAndCluster = "504c4353" + "0001" + "0000" + "000102030405060708090a0b0c0d0e0f";

    byte[] preface = connecting.opening();
    assertThat(HexFormat.of().formatHex(preface))
        .isEqualTo(magicVersionAndCluster + "11".repeat(16) + "0000000000000102" + "aa".repeat(32));
    byte[] answer = say(accepting, preface);
    assertThat(HexFormat.of().formatHex(answer))
        .isEqualTo(magicVersionAndCluster + "22".repeat(16) + "0000000000000103" + "bb".repeat(32));
    byte[] proof = say(connecting, answer);
    assertThat(HexFormat.of().formatHex(proof))
        .isEqualTo("b3717db81d8bfa8d5a52aa316aeefc9afc2385bddc2765ade3727adc0e7a818b");
    assertThat(HexFormat.of().formatHex(say(accepting, proof)))
        .isEqualTo("b18d66927d0a471964144aa79968b95b78052b4f8077fec0084ca74b6eb4f0b2");
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
