package io.places.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What the nodes of one cluster share: an id, which is no secret, and 32 secret bytes. Travels only on
 * a child's standard input or in a file that only its owner can read; never shown.
 */
public final class ClusterKey {
  public static final int SECRET_SIZE = 32;

  private final UUID cluster;
  private final byte[] secret;

  private ClusterKey(UUID cluster, byte[] secret) {
    if (secret.length != SECRET_SIZE) {
      throw new IllegalArgumentException(
          "a cluster's secret has %d bytes, this one %d".formatted(SECRET_SIZE, secret.length));
    }
    this.cluster = cluster;
    this.secret = secret;
  }

  /** A new cluster's key. */
  public static ClusterKey random(RandomGenerator random) {
    byte[] secret = new byte[SECRET_SIZE];
    random.nextBytes(secret);
    return new ClusterKey(new UUID(random.nextLong(), random.nextLong()), secret);
  }

  /**
   * The key of the cluster that has this secret: its id is drawn from the secret, so that whoever knows
   * the one knows the other.
   *
   * @throws IllegalArgumentException if it does not have 32 bytes
   */
  public static ClusterKey of(byte[] secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("places cluster id".getBytes(StandardCharsets.US_ASCII));
      ByteBuffer id = ByteBuffer.wrap(digest.digest(secret));
      return new ClusterKey(new UUID(id.getLong(), id.getLong()), secret.clone());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Reads what {@link #expose} wrote. */
  public static ClusterKey parse(String exposed) {
    int colon = exposed.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a cluster key is written as ID:SECRET");
    }
    try {
      return new ClusterKey(
          UUID.fromString(exposed.substring(0, colon)),
          HexFormat.of().parseHex(exposed.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      // Without the cause: it would show a part of the secret.
      throw new IllegalArgumentException(
          "a cluster key is written as ID:SECRET, a UUID and %d bytes in hexadecimal"
              .formatted(SECRET_SIZE));
    }
  }

  /** The key as text, secret included: for a child's standard input, for nothing else. */
  public String expose() {
    return cluster + ":" + HexFormat.of().formatHex(secret);
  }

  UUID cluster() {
    return cluster;
  }

  byte[] secret() {
    return secret;
  }

  @Override
  public String toString() {
    return "ClusterKey[" + cluster + "]";
  }
}
