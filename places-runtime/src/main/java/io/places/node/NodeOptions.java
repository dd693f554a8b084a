package io.places.node;

import io.places.Name;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.launch.HostAndPort;
import io.places.launch.Hosts;
import io.places.message.MessageType;
import io.places.place.AllowList;
import io.places.wire.ClusterKey;
import io.places.wire.Transport;
import io.places.wire.VertxTransport;
import io.places.wire.Wire;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a node is to be started. Immutable; the methods answer changed copies.
 *
 * @param name for messages: 1 to 64 letters, digits, '_', '.' and '-'
 * @param bind where the node listens; port 0 lets the system choose
 * @param allowed the packages whose classes may be started here
 * @param key the cluster's secret; null for a new cluster
 * @param surroundings time, threads and randomness
 * @param transport makes the network
 * @param largestMessage the most bytes that a message to or from another node takes
 */
public record NodeOptions(
    String name,
    InetSocketAddress bind,
    AllowList allowed,
    @Nullable ClusterKey key,
    Surroundings surroundings,
    Supplier<Transport> transport,
    int largestMessage) {
  /** The runtime's own messages, and the parts in which frameworks send what is long, are smaller. */
  static final int LEAST_LARGEST_MESSAGE = 8 << 20;

  public NodeOptions {
    Name.require("a node's", Objects.requireNonNull(name, "name"));
    Objects.requireNonNull(bind, "bind");
    Objects.requireNonNull(allowed, "allowed");
    Objects.requireNonNull(surroundings, "surroundings");
    Objects.requireNonNull(transport, "transport");
    if (largestMessage < LEAST_LARGEST_MESSAGE || largestMessage > MessageType.LARGEST) {
      throw new IllegalArgumentException(
          "the largest message between nodes takes %d to %d bytes, not %d"
              .formatted(LEAST_LARGEST_MESSAGE, MessageType.LARGEST, largestMessage));
    }
  }

  /** A new cluster's first node, named "main", on a loopback port that the system chooses. */
  public static NodeOptions standard() {
    return new NodeOptions(
        "main",
        HostAndPort.loopback(0),
        new AllowList(List.of()),
        null,
        Surroundings.system(),
        VertxTransport::new,
        MessageType.LARGEST);
  }

  public NodeOptions name(String other) {
    return new NodeOptions(other, bind, allowed, key, surroundings, transport, largestMessage);
  }

  /**
   * Listens elsewhere.
   *
   * @throws IllegalArgumentException if it is no loopback address: others need TLS
   */
  public NodeOptions bind(InetSocketAddress address) {
    Wire.requireLoopback(Objects.requireNonNull(address, "bind"), "listen on");
    return new NodeOptions(name, address, allowed, key, surroundings, transport, largestMessage);
  }

  /**
   * Lets the classes of these packages, and of those below them, be started on the node and on the nodes
   * that it launches.
   */
  public NodeOptions allow(String... packages) {
    List<String> more = new ArrayList<>(allowed.packages());
    for (String name : packages) {
      more.add(Objects.requireNonNull(name, "package"));
    }
    return new NodeOptions(name, bind, new AllowList(more), key, surroundings, transport, largestMessage);
  }

  /** Joins the cluster that has this key. */
  public NodeOptions key(ClusterKey cluster) {
    return new NodeOptions(
        name, bind, allowed, Objects.requireNonNull(cluster, "cluster"), surroundings, transport, largestMessage);
  }

  /**
   * Joins the cluster whose secret is in this file.
   *
   * @throws PlacesException if the file is missing, does not hold a secret, or others can read it
   */
  public NodeOptions secretFile(Path file) {
    return key(SecretFile.read(Objects.requireNonNull(file, "file")));
  }

  /** Joins the cluster to which the running nodes among these hosts belong, if there are any. */
  public NodeOptions hosts(Hosts hosts) {
    return hosts.secretFile() == null ? this : secretFile(hosts.secretFile());
  }

  public NodeOptions surroundings(Surroundings other) {
    return new NodeOptions(name, bind, allowed, key, other, transport, largestMessage);
  }

  public NodeOptions transport(Supplier<Transport> network) {
    return new NodeOptions(name, bind, allowed, key, surroundings, network, largestMessage);
  }

  /**
   * Bounds the messages that go between this node and others. What is larger is refused where it is put, and can go
   * in parts; of two nodes with different bounds the smaller one holds. The nodes that this one launches have the same
   * bound. What stays within a JVM is bounded by {@link MessageType#LARGEST} alone.
   *
   * <p>Frameworks send messages, too: some of several MiB, and where one holds a value of the program, as large as that.
   *
   * @param bytes from 8 MiB to {@link MessageType#LARGEST}, which it is unless told
   */
  public NodeOptions largestMessage(int bytes) {
    return new NodeOptions(name, bind, allowed, key, surroundings, transport, bytes);
  }
}
