package io.places.examples.tuple;

import io.places.InterruptKind;
import io.places.channel.PlaceChannel;
import io.places.launch.Hosts;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tuple server on the first node, and two clients of it in a place on the last one. */
public final class TupleSession {
  /** Far more than a call takes. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private TupleSession() {}

  /** What the calls of the session answered, in order. What the casts print appears meanwhile. */
  public static List<String> on(Hosts hosts) {
    NodeOptions options = NodeOptions.standard().hosts(hosts);
    try (Node node = Node.start(options.allow(TupleSession.class.getPackageName()))) {
      List<RemoteNode> nodes = node.launch(hosts);
      RemoteNode serverNode = nodes.getFirst();
      RemoteNode clientNode = nodes.getLast();
      Place<?, ?> server = TupleServerPlace.start(serverNode);
      InetSocketAddress address = serverNode.addressFrom(clientNode);
      Place<Void, String> session =
          clientNode.place(
              TupleSession::session, address.getHostString(), address.getPort());
      List<String> answers = new ArrayList<>();
      for (String answer : session.messages()) {
        answers.add(answer);
      }
      server.interrupt(InterruptKind.TERMINATE);
      server.join(LIMIT); // all that it printed is here then
      return answers;
    }
  }

  /** The body of the place with the clients. */
  static void session(PlaceChannel<String, Void> creator, String host, Integer port) {
    RemoteNode node = Node.current().connect(new InetSocketAddress(host, port));
    try (var c = TupleServerClient.connect(node);
        var d = TupleServerClient.connect(node)) {
      c.hello();
      d.hello();
      creator.put(String.valueOf(c.set("user0", 100)));
      creator.put(String.valueOf(d.set("user2", 200)));
      creator.put(show(c.get("user0")));
      creator.put(show(d.get("user2")));
      creator.put(show(d.get("user0")));
      creator.put(show(c.get("user2")));
    }
  }

  private static String show(Optional<Integer> value) {
    return value.map(String::valueOf).orElse("nothing");
  }
}
