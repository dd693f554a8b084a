package io.places.node;

import io.places.wire.NodeIdentity;
import io.places.wire.proto.NodeAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/** A life of a node and where it listens. */
record NodeAt(NodeIdentity identity, String host, int port) {
  static NodeAt read(NodeAddress message) {
    return new NodeAt(
        new NodeIdentity(
            new UUID(message.getNodeHigh(), message.getNodeLow()), message.getIncarnation()),
        message.getHost(),
        message.getPort());
  }

  NodeAddress toWire() {
    return NodeAddress.newBuilder()
        .setNodeHigh(identity.node().getMostSignificantBits())
        .setNodeLow(identity.node().getLeastSignificantBits())
        .setIncarnation(identity.incarnation())
        .setHost(host)
        .setPort(port)
        .build();
  }

  /** Names are not looked up: nodes tell each other numeric addresses. */
  InetSocketAddress address() throws UnknownHostException {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }
}
