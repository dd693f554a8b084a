package io.places.examples.hello;

import io.places.channel.PlaceChannel;
import io.places.launch.Hosts;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts nodes, each a JVM of its own, with one place on each, and collects what they say. */
public final class Hello {
  /** Far more than a node takes to say a word. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Hello() {}

  /** What the place on each node says, by node. */
  public static List<String> from(Hosts hosts) {
    NodeOptions options = NodeOptions.standard().hosts(hosts);
    try (Node node = Node.start(options.allow(Hello.class.getPackageName()))) {
      List<Place<Void, String>> places = new ArrayList<>();
      for (RemoteNode remote : node.launch(hosts)) {
        places.add(remote.place(Hello::body, "%s on %s".formatted(remote.name(), remote.host())));
      }
      return places.stream().map(place -> place.get(LIMIT)).toList();
    }
  }

  /** Runs on each node. */
  static void body(PlaceChannel<String, Void> creator, String name) {
    creator.put("hello from %s, process %d".formatted(name, ProcessHandle.current().pid()));
  }
}
