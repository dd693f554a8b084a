package io.places.rpc.bench;

import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.PlaceLocation;
import io.places.rpc.sample.TupleServerClient;
import io.places.rpc.sample.TupleServerPlace;

/**
 * The tuple server, on a node launched for it or in this JVM.
 *
 * @param remote whether it is in a JVM of its own
 */
record PlacesPeer(boolean remote) implements Peer {
  @Override
  public Call connect(String address) {
    Node node = Node.start(NodeOptions.standard().allow("io.places.rpc"));
    PlaceLocation at = remote ? node.launch(Launch.process()) : node;
    TupleServerPlace.start(at);
    TupleServerClient client = TupleServerClient.connect(at);
    String value = "x".repeat(RpcContest.SIZE);
    return () -> client.set("key", value);
  }
}
