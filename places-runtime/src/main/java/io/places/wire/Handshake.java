package io.places.wire;

import io.places.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/*
 * Both sides prove that they know the cluster's secret, before either reads a byte of variable length.
 *
 *   connector                                   acceptor
 *   preface (80 bytes)            ->
 *                                 <-            preface (80 bytes)
 *   proof (32 bytes)              ->
 *                                 <-            proof (32 bytes)
 *   frames                       <->            frames
 *
 * A preface is magic, version, cluster, node, incarnation and a fresh nonce. A proof is HMAC-SHA-256 by
 * the secret over the prover's role and both prefaces: the nonces make each proof good for one
 * connection only, the role stops a peer from sending our own proof back to us. The connector proves
 * first, so a stranger learns nothing but a preface. An acceptor answers every failure in the same way:
 * it closes. Only a wrong version is told, by the preface, so that the connector can name both.
 */
final class Handshake {
  static final int VERSION = 1;
  static final int PREFACE_SIZE = 80;
  static final int PROOF_SIZE = 32;

  private static final int MAGIC = 0x504C4353; // "PLCS"
  private static final int NONCE_SIZE = 32;

  private final ClusterKey key;
  private final boolean connector;
  private final byte[] ownPreface;
  private final ByteBuffer incoming = ByteBuffer.allocate(PREFACE_SIZE);
  private byte @Nullable [] peerPreface;
  private @Nullable NodeIdentity peer;
  private boolean done;

  Handshake(ClusterKey key, NodeIdentity self, RandomGenerator random, boolean connector) {
    this.key = key;
    this.connector = connector;
    byte[] nonce = new byte[NONCE_SIZE];
    random.nextBytes(nonce);
    this.ownPreface =
        ByteBuffer.allocate(PREFACE_SIZE)
            .putInt(MAGIC)
            .putShort((short) VERSION)
            .putShort((short) 0)
            .putLong(key.cluster().getMostSignificantBits())
            .putLong(key.cluster().getLeastSignificantBits())
            .putLong(self.node().getMostSignificantBits())
            .putLong(self.node().getLeastSignificantBits())
            .putLong(self.incarnation())
            .put(nonce)
            .array();
  }

  /** What is to be sent before anything has come: the connector speaks first. */
  byte[] opening() {
    return connector ? ownPreface : new byte[0];
  }

  /**
   * Takes bytes from the peer, no more than the handshake needs.
   *
   * @param answer takes what is to be sent; also if this then throws
   * @throws ProtocolException if the peer is not to be talked to
   */
  void receive(ByteBuffer in, Consumer<byte[]> answer) {
    while (!done && in.hasRemaining()) {
      int wanted = (peerPreface == null ? PREFACE_SIZE : PROOF_SIZE) - incoming.position();
      int count = Math.min(wanted, in.remaining());
      incoming.put(in.slice(in.position(), count));
      in.position(in.position() + count);
      if (count == wanted) {
        byte[] part = new byte[incoming.flip().remaining()];
        incoming.get(part).clear();
        if (peerPreface == null) {
          prefaceCame(part, answer);
        } else {
          proofCame(part, answer);
        }
      }
    }
  }

  boolean isDone() {
    return done;
  }

  /** Who the peer is; known once the handshake is done. */
  NodeIdentity peer() {
    if (!done || peer == null) {
      throw new IllegalStateException("the handshake is not done");
    }
    return peer;
  }

  private void prefaceCame(byte[] preface, Consumer<byte[]> answer) {
    ByteBuffer in = ByteBuffer.wrap(preface);
    if (in.getInt() != MAGIC) {
      throw new ProtocolException("the peer does not speak the protocol of places");
    }
    int version = Short.toUnsignedInt(in.getShort());
    in.getShort(); // reserved
    UUID cluster = new UUID(in.getLong(), in.getLong());
    peer = new NodeIdentity(new UUID(in.getLong(), in.getLong()), in.getLong());
    peerPreface = preface;
    if (!connector) {
      answer.accept(ownPreface);
    }
    if (version != VERSION) {
      throw new ProtocolException(
          "the peer speaks version %d of the protocol, this node version %d; run the same version on all nodes"
              .formatted(version, VERSION));
    }
    if (!cluster.equals(key.cluster())) {
      throw new ProtocolException("the peer belongs to another cluster");
    }
    if (connector) {
      answer.accept(proof(true, preface));
    }
  }

  private void proofCame(byte[] proof, Consumer<byte[]> answer) {
    byte[] preface = peerPreface;
    if (preface == null || !MessageDigest.isEqual(proof, proof(!connector, preface))) {
      throw new ProtocolException("the peer does not know the cluster's secret");
    }
    done = true;
    if (!connector) {
      answer.accept(proof(false, preface));
    }
  }

  private byte[] proof(boolean byConnector, byte[] preface) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.secret(), "HmacSHA256"));
      mac.update(
          (byConnector ? "places connector" : "places acceptor").getBytes(StandardCharsets.UTF_8));
      mac.update(connector ? ownPreface : preface);
      mac.update(connector ? preface : ownPreface);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HmacSHA256", e);
    }
  }
}
