package io.places.node;

import io.places.Name;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.launch.HostAndPort;
import io.places.launch.Hosts;
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
 */
public record NodeOptions(
    String name,
    InetSocketAddress bind,
    AllowList allowed,
    @Nullable ClusterKey key,
    Surroundings surroundings,
    Supplier<Transport> transport) {
  public NodeOptions {
    Name.require("a node's", Objects.requireNonNull(name, "name"));
    Objects.requireNonNull(bind, "bind");
    Objects.requireNonNull(allowed, "allowed");
    Objects.requireNonNull(surroundings, "surroundings");
    Objects.requireNonNull(transport, "transport");
  }

  /** A new cluster's first node, named "main", on a loopback port that the system chooses. */
  public static NodeOptions standard() {
    return new NodeOptions(
        "main",
        HostAndPort.loopback(0),
        new AllowList(List.of()),
        null,
        Surroundings.system(),
        VertxTransport::new);
  }

  public NodeOptions name(String other) {
    return new NodeOptions(other, bind, allowed, key, surroundings, transport);
  }

  /**
   * Listens elsewhere.
   *
   * @throws IllegalArgumentException if it is no loopback address: others need TLS
   */
  public NodeOptions bind(InetSocketAddress address) {
    Wire.requireLoopback(Objects.requireNonNull(address, "bind"), "listen on");
    return new NodeOptions(name, address, allowed, key, surroundings, transport);
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
    return new NodeOptions(name, bind, new AllowList(more), key, surroundings, transport);
  }

  /** Joins the cluster that has this key. */
  public NodeOptions key(ClusterKey cluster) {
    return new NodeOptions(
        name, bind, allowed, Objects.requireNonNull(cluster, "cluster"), surroundings, transport);
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
    return new NodeOptions(name, bind, allowed, key, other, transport);
  }

  public NodeOptions transport(Supplier<Transport> network) {
    return new NodeOptions(name, bind, allowed, key, surroundings, network);
  }
}
